import type { INestApplication, LoggerService } from '@nestjs/common';
import { createRequire } from 'node:module';
import { SafeLogger } from '../../common/safe-logger.js';
import { openApiDocument, type OpenApiOptions } from './openapi.document.js';

/** Undefined when the package is not installed. */
async function loadSwagger(): Promise<typeof import('@nestjs/swagger') | undefined> {
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
  options: OpenApiOptions,
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
  swagger.SwaggerModule.setup('docs', app, () => openApiDocument(options), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    ui,
    customSiteTitle: options.title ?? 'A2A agents',
  });
}

/** Swagger UI's files are served by the adapter itself on Express, by a plugin on Fastify. */
function canServeFiles(app: INestApplication): boolean {
  if (app.getHttpAdapter().getType() !== 'fastify') return true;
  try {
    createRequire(import.meta.url).resolve('@fastify/static');
    return true;
  } catch {
    return false;
  }
}
