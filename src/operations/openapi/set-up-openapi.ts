import { Logger, type INestApplication, type LoggerService } from '@nestjs/common';
import { openApiDocument, type OpenApiOptions } from './openapi.document.js';

/** Loads a package that only some need; undefined when it is not installed. */
async function optional<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return undefined;
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
  log: Pick<LoggerService, 'warn'> = new Logger('OpenAPI'),
): Promise<void> {
  const swagger = await optional(() => import('@nestjs/swagger'));
  if (swagger === undefined)
    throw new Error('The documentation at /docs needs a package that is not installed: npm install @nestjs/swagger');
  const ui = await canServeFiles(app);
  if (!ui)
    log.warn(
      'No /docs, only /docs-json: on Fastify the pages need a package that is not installed: npm install @fastify/static',
    );
  swagger.SwaggerModule.setup('docs', app, openApiDocument(options), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    ui,
    customSiteTitle: options.title ?? 'A2A agents',
  });
}

async function canServeFiles(app: INestApplication): Promise<boolean> {
  if (app.getHttpAdapter().getType() !== 'fastify') return true;
  // Not a literal: the package is optional, and its types are not ours to need.
  const name: string = '@fastify/static';
  return (await optional(() => import(name) as Promise<unknown>)) !== undefined;
}
