import type { HttpServer } from '@nestjs/common';

/**
 * Routers escape a colon in different ways: `message\:send` on express, `message::send` on Fastify. Ours are written as on
 * express; Nest asks the adapter to translate each path before it is registered. May be called more than once.
 */
export function readEscapedColons(adapter: Pick<HttpServer, 'getType' | 'normalizePath'> | undefined): void {
  if (adapter?.getType?.() !== 'fastify') return;
  const translate = adapter.normalizePath?.bind(adapter);
  adapter.normalizePath = (path) => (translate?.(path) ?? path).replaceAll('\\:', '::');
}
