import type { INestApplication, LoggerService } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createRequire } from 'node:module';
import { SafeLogger } from '../../common/safe-logger.js';
import { a2aSwaggerUi, addA2aToOpenApi } from '../../openapi/index.js';
import { serviceDocument, type ServiceDocumentOptions } from './service.document.js';

/** Undefined when the package is not installed. */
export async function loadSwagger(): Promise<typeof import('@nestjs/swagger') | undefined> {
  try {
    return await import('@nestjs/swagger');
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * Serves `/docs` (Swagger UI, from local files) and `/docs-json`. Call it before `listen`. Needs `@nestjs/swagger`, and
 * on Fastify `@fastify/static`, without which there is no UI.
 */
export async function setupOpenApi(
  app: INestApplication,
  options: ServiceDocumentOptions,
  log: Pick<LoggerService, 'warn'> = new SafeLogger('OpenAPI'),
): Promise<void> {
  const swagger = await loadSwagger();
  if (swagger === undefined)
    throw new Error('The documentation at /docs needs a package that is not installed: npm install @nestjs/swagger');
  const ui = canServeFiles(app);
  if (!ui)
    log.warn(
      'No /docs, only /docs-json: on Fastify the pages need a package that is not installed: npm install @fastify/static',
    );
  // Built on the first request, when the agents are known.
  const document = (): OpenAPIObject => addA2aToOpenApi(serviceDocument(options), app) as unknown as OpenAPIObject;
  swagger.SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    ui,
    customSiteTitle: options.title ?? 'A2A agents',
    swaggerOptions: a2aSwaggerUi,
  });
}

/** Swagger UI's files are served by the adapter itself on Express, by a plugin on Fastify. */
export function canServeFiles(app: INestApplication): boolean {
  if (app.getHttpAdapter().getType() !== 'fastify') return true;
  try {
    createRequire(import.meta.url).resolve('@fastify/static');
    return true;
  } catch {
    return false;
  }
}
