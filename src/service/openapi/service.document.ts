import type { OpenApiDocument } from '../../openapi/index.js';

export interface ServiceDocumentOptions {
  /** Of the service, as its package says. */
  readonly version: string;
  readonly title?: string;
  /** Where clients reach it; absent: where the document comes from. */
  readonly publicUrl?: string;
}

const TAG = { name: 'Operations' };

const text = (...words: readonly string[]): object => ({ type: 'string', enum: words });

function answer(description: string, properties: Record<string, object>): object {
  const schema = { type: 'object', properties, required: Object.keys(properties) };
  return { description, content: { 'application/json': { schema } } };
}

const readiness = (description: string, ...status: readonly string[]): object =>
  answer(description, {
    status: text(...status),
    checks: { type: 'object', additionalProperties: text('ok', 'failing') },
  });

/** The description of the service without its agents. */
export const serviceDocument = ({
  version,
  title = 'A2A agents',
  publicUrl,
}: ServiceDocumentOptions): OpenApiDocument & {
  readonly info: object;
} => ({
  openapi: '3.1.0',
  info: { title, version, description: 'Agents over the A2A protocol, v1.0 and v0.3.' },
  ...(publicUrl !== undefined && { servers: [{ url: publicUrl }] }),
  tags: [TAG],
  paths: {
    '/health/live': {
      get: {
        tags: [TAG.name],
        operationId: 'live',
        summary: 'Whether the process answers',
        responses: { 200: answer('It does', { status: text('ok') }) },
      },
    },
    '/health/ready': {
      get: {
        tags: [TAG.name],
        operationId: 'ready',
        summary: 'Whether the service can take requests',
        responses: {
          200: readiness('It can', 'ok'),
          503: readiness('Something it needs fails, or it is shutting down', 'unavailable', 'draining'),
        },
      },
    },
  },
});
