import type { AbstractHttpAdapter } from '@nestjs/core';
import type { ServerOptions } from 'node:https';

/** Time for a whole request to arrive, in ms: Node's default, which Fastify turns off. */
const REQUEST_TIMEOUT_MS = 300_000;

/** An escaped id of 512 bytes, and a suffix. Fastify's default is 100. */
const PARAMETER_LENGTH = 3 * 512 + ':subscribe'.length;

/**
 * The service's HTTP server. Both adapters ignore a trailing slash, and abort uploads that never end. Express takes `https` from the
 * option `httpsOptions` of the application, which must be the same.
 */
export async function httpAdapter(name: 'express' | 'fastify', https?: ServerOptions): Promise<AbstractHttpAdapter> {
  if (name === 'fastify') {
    const { FastifyAdapter } = await import('@nestjs/platform-fastify');
    return new FastifyAdapter({
      requestTimeout: REQUEST_TIMEOUT_MS,
      ...(https && { https }),
      routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAMETER_LENGTH },
    });
  }
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  const adapter = new ExpressAdapter();
  adapter.disable('x-powered-by');
  return adapter;
}
