import type { OpenAPIObject } from '@nestjs/swagger';
import { jsonRpcOperation, jsonRpcSchemas } from './json-rpc.operation.js';
import { cardOperation, keySetOperation } from './agent-card.operation.js';
import { restErrorSchema, restPaths } from './rest.paths.js';
import { object, json, type Schema } from './schema.js';
import { taskWebhooks } from './task.webhooks.js';
import { v03Schemas } from './v0-3.schemas.js';
import { v10Schemas } from './v1-0.schemas.js';

export interface OpenApiOptions {
  /** Of the service, as its package says. */
  readonly version: string;
  readonly title?: string;
  /** Where clients reach it; absent: where the document comes from. */
  readonly publicUrl?: string;
  /** The prefix of the protocol's routes: '' in the service (the default), `/a2a` as a library. */
  readonly path?: string;
  /** Ids of the agents that run, the default agent first. */
  readonly agents?: readonly string[];
  /** False: no agent answers at the root of `path`. Default true. */
  readonly rootAgent?: boolean;
}

const readiness = (status: readonly string[]): Schema =>
  object({
    'status!': { type: 'string', enum: status },
    'checks!': { type: 'object', additionalProperties: { type: 'string', enum: ['ok', 'failing'] } },
  });

const healthPaths = {
  '/health/live': {
    get: {
      tags: ['Operations'],
      operationId: 'live',
      summary: 'Whether the process answers',
      responses: { 200: json(object({ 'status!': { type: 'string', const: 'ok' } }), 'It does') },
    },
  },
  '/health/ready': {
    get: {
      tags: ['Operations'],
      operationId: 'ready',
      summary: 'Whether the service can take requests',
      responses: {
        200: json(readiness(['ok']), 'It can'),
        503: json(readiness(['unavailable', 'draining']), 'Something it needs fails, or it is shutting down'),
      },
    },
  },
};

const REST_NOTE =
  'Protocol v1.0. Each address also exists with a tenant in front (`/acme/message:send`), and in the form of v0.3 below `/v1`.';

/** The OpenAPI 3.1 description of the service. */
export function openApiDocument(options: OpenApiOptions): OpenAPIObject {
  const { path = '', agents = [], rootAgent = true } = options;
  const agent = {
    name: 'agent',
    in: 'path',
    required: true,
    description: 'The agent',
    schema: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,62}$' },
    ...(agents[0] !== undefined && { example: agents[0] }),
  };
  const root = {
    [path || '/']: { post: jsonRpcOperation('callDefaultAgent', 'Call the default agent') },
    [`${path}/.well-known/agent-card.json`]: { get: cardOperation('defaultAgentCard') },
  };
  const document = {
    openapi: '3.1.0',
    info: {
      title: options.title ?? 'A2A agents',
      version: options.version,
      description: `Agents over the A2A protocol, v1.0 and v0.3.${agents.length > 0 ? ` They are: ${agents.join(', ')}.` : ''}`,
    },
    ...(options.publicUrl !== undefined && { servers: [{ url: options.publicUrl }] }),
    tags: [
      { name: 'HTTP+JSON', description: REST_NOTE },
      { name: 'JSON-RPC' },
      { name: 'Agent cards' },
      { name: 'Operations' },
    ],
    paths: {
      ...(rootAgent && { ...root, ...restPaths(path) }),
      [`${path}/.well-known/jwks.json`]: { get: keySetOperation },
      [`${path}/agents/{agent}`]: { post: jsonRpcOperation('callAgent', 'Call an agent', [agent]) },
      [`${path}/agents/{agent}/.well-known/agent-card.json`]: { get: cardOperation('agentCard', [agent]) },
      ...restPaths(`${path}/agents/{agent}`, agent),
      ...healthPaths,
    },
    webhooks: taskWebhooks,
    components: {
      schemas: { ...v10Schemas, ...v03Schemas, ...jsonRpcSchemas, RestError: restErrorSchema },
    },
  };
  return document as unknown as OpenAPIObject;
}
