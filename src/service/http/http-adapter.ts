import type { AbstractHttpAdapter } from '@nestjs/core';

/** Time to send a whole request, in ms: Node's own default, which Fastify takes away. */
const REQUEST_TIMEOUT_MS = 300_000;

/** An id of 512 bytes, each of them escaped, and what is done with it; Fastify's own limit is 100. */
const PARAMETER_LENGTH = 3 * 512 + ':subscribe'.length;

/** The service's HTTP server. Both kinds answer with and without a slash at the end, and cut uploads that never end. */
export async function httpAdapter(name: 'express' | 'fastify'): Promise<AbstractHttpAdapter> {
  if (name === 'fastify') {
    const { FastifyAdapter } = await import('@nestjs/platform-fastify');
    return new FastifyAdapter({
      requestTimeout: REQUEST_TIMEOUT_MS,
      routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAMETER_LENGTH },
    });
  }
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  const adapter = new ExpressAdapter();
  adapter.disable('x-powered-by');
  return adapter;
}
