import { isTenantSegment } from './tenant-names.js';

/** First segments below an agent's url. */
const REST = /^(?:tasks|v1|extendedagentcard|message:[^/]*)$/;
const ALWAYS = /^(?:agents|\.well-known)$/;

/** Clients may write the whole url in the request line, and do so through a proxy. RFC 9112, 3.2.2. */
const ORIGIN = /^https?:\/\/[^/?]*/i;

/** The path of a request's target, as it was sent. */
export function pathOf(url: string): string {
  const target = url.startsWith('/') ? url : url.replace(ORIGIN, '');
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

/**
 * Whether a request path belongs to the protocol, so that its body is left to our routes. `base` is the global prefix and
 * the module's path; `rest` whether HTTP+JSON is served. A first segment that is none of ours may be a tenant:
 * `/acme/message:send`. Letter case is ignored, as express ignores it.
 */
export function isA2aPath(url: string, base: string, { rest }: { readonly rest: boolean }): boolean {
  const path = decoded(pathOf(url)).toLowerCase();
  if (!path.startsWith(base.toLowerCase())) return false;
  const below = path.slice(base.length);
  if (below === '' || below === '/') return true;
  if (below[0] !== '/') return false;
  const [first, second] = below.slice(1).split('/', 2);
  if (ALWAYS.test(first!)) return true;
  if (!rest) return false;
  return REST.test(first!) || (second !== undefined && isTenantSegment(first!) && REST.test(second));
}

function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
