import type { OpenAPIObject } from '@nestjs/swagger';
import { jsonRpcOperation, jsonRpcSchemas } from './json-rpc.operation.js';
import { anyObject, object, ref, text, type Schema } from './schema.js';
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

const json = (schema: Schema, description: string): Schema => ({
  description,
  content: { 'application/json': { schema } },
});

const cardError = object({
  'error!': object({
    'code!': { type: 'integer' },
    'status!': text(),
    'message!': text(),
    'details!': { type: 'array', items: anyObject },
  }),
});

const cardOperation = (operationId: string, parameters: readonly unknown[] = []): Schema => ({
  tags: ['Agent cards'],
  operationId,
  summary: 'Who the agent is and what it can do',
  parameters: [
    ...parameters,
    {
      name: 'A2A-Version',
      in: 'header',
      schema: { type: 'string', enum: ['1.0', '0.3'] },
      description: 'Absent: a card that both versions can read.',
    },
  ],
  responses: {
    200: json(ref('AgentCard'), 'The card'),
    304: { description: 'Not changed since the ETag in If-None-Match' },
    400: json(cardError, 'The version is not served'),
    404: json(cardError, 'There is no such agent'),
  },
});

const cardSchema = object(
  {
    'name!': text(),
    'description!': text(),
    'version!': text(),
    supportedInterfaces: {
      type: 'array',
      items: object({ 'url!': text(), 'protocolBinding!': text(), 'protocolVersion!': text() }),
    },
    'capabilities!': anyObject,
    'defaultInputModes!': { type: 'array', items: text() },
    'defaultOutputModes!': { type: 'array', items: text() },
    'skills!': { type: 'array', items: anyObject },
  },
  'v1.0 form; v0.3 cards have url, preferredTransport and protocolVersion in place of supportedInterfaces.',
);

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

/** The OpenAPI 3.1 description of the service. */
export function openApiDocument(options: OpenApiOptions): OpenAPIObject {
  const { path = '', agents = [], rootAgent = true } = options;
  const agent = {
    name: 'id',
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
    tags: [{ name: 'JSON-RPC' }, { name: 'Agent cards' }, { name: 'Operations' }],
    paths: {
      ...(rootAgent && root),
      [`${path}/agents/{id}`]: { post: jsonRpcOperation('callAgent', 'Call an agent', [agent]) },
      [`${path}/agents/{id}/.well-known/agent-card.json`]: { get: cardOperation('agentCard', [agent]) },
      ...healthPaths,
    },
    components: { schemas: { ...v10Schemas, ...v03Schemas, ...jsonRpcSchemas, AgentCard: cardSchema } },
  };
  return document as unknown as OpenAPIObject;
}
