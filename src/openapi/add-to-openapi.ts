import type { INestApplicationContext } from '@nestjs/common';
import { type A2aOpenApiOptions, describeAgents } from './describe-agents.js';
import { description } from './description.js';

/** The part of a document of @nestjs/swagger, which need not be installed, that is used here. */
export interface OpenApiDocument {
  openapi: string;
  paths: object;
  components?: { schemas?: object; securitySchemes?: object };
  tags?: { name: string; description?: string }[];
  webhooks?: object;
}

/**
 * Adds the operations of the application's agents to a document, and returns it. `SwaggerModule.createDocument` has only those of the
 * application. Ours have tags, schemas (`A2a…`) and ids of operations of their own; security schemes are those of the agents' cards, unless
 * the document has one of that name. Agents and parts that are switched off are left out.
 *
 * @example
 * const config = new DocumentBuilder().setTitle('My API').build();
 * SwaggerModule.setup('docs', app, () => addA2aToOpenApi(SwaggerModule.createDocument(app, config), app), {
 *   swaggerOptions: a2aSwaggerUi,
 * });
 * @throws Error before the application is initialized: give `setup` a function, as above. RangeError for an agent or a version that
 * does not exist.
 */
export function addA2aToOpenApi<T extends OpenApiDocument>(
  document: T,
  app: INestApplicationContext,
  options: A2aOpenApiOptions = {},
): T {
  const { paths, tags, schemas, securitySchemes, webhooks } = description(
    describeAgents(app, options),
    document.openapi,
  );
  document.paths = { ...document.paths, ...paths };
  document.tags = [...(document.tags ?? []), ...tags];
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...schemas },
    securitySchemes: { ...securitySchemes, ...document.components?.securitySchemes },
  };
  if (Object.keys(webhooks).length > 0) document.webhooks = { ...document.webhooks, ...webhooks };
  return document;
}
