import type { HttpServer } from '@nestjs/common';
import { isTenantSegment } from '../../security/tenants.options.js';
import type { HttpBindings } from './http-transport.options.js';

/** First path segments below an agent's URL. */
const V10 = /^(?:tasks|extendedagentcard|message:[^/]*)$/;
const V03 = /^(?:tasks|card|message:[^/]*)$/;
const ALWAYS = /^(?:agents|\.well-known)$/;

/** Clients may send the whole URL in the request line, and do so through a proxy. RFC 9112, 3.2.2. */
const ORIGIN = /^https?:\/\/[^/?]*/i;

/** The path of a request's target, as it was sent. */
export function pathOf(url: string): string {
  const target = url.startsWith('/') ? url : url.replace(ORIGIN, '');
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

/**
 * Whether a request path belongs to the protocol, so that its body is left to our routes. `base` is the global prefix and
 * the module's path. Letter case is ignored, as express ignores it.
 */
export function isA2aPath(url: string, base: string, bindings: Pick<HttpBindings, 'rest' | 'tenantPaths'>): boolean {
  const path = decoded(pathOf(url)).toLowerCase();
  if (!path.startsWith(base.toLowerCase())) return false;
  const below = path.slice(base.length);
  // Routers ignore an additional slash.
  if (/^\/*$/.test(below)) return true;
  if (below[0] !== '/') return false;
  const [first = '', second = ''] = below.slice(1).split('/', 2);
  if (ALWAYS.test(first)) return true;
  return bindings.rest && isRestPath(first, second, bindings.tenantPaths);
}

/** By the first two segments, of which the first may be a tenant: `/acme/message:send`. */
function isRestPath(first: string, second: string, tenants: boolean): boolean {
  if (first === 'v1') return V03.test(second);
  return V10.test(first) || (tenants && isTenantSegment(first) && V10.test(second));
}

function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Routers escape a colon in different ways: `message\:send` in Express, `message::send` in Fastify. Our routes are written for
 * Express; Nest asks the adapter to translate each path before it is registered. May be called more than once.
 */
export function readEscapedColons(adapter: Pick<HttpServer, 'getType' | 'normalizePath'> | undefined): void {
  if (adapter?.getType?.() !== 'fastify') return;
  const translate = adapter.normalizePath?.bind(adapter);
  adapter.normalizePath = (path) => (translate?.(path) ?? path).replaceAll('\\:', '::');
}
