const OPERATION = /^(?:agents|tasks|v1|\.well-known|extendedagentcard|message:[^/]*)$/;

/** First segments that stand for something else than a tenant, at the root of the service. */
const NO_TENANTS = new Set(['docs', 'docs-json', 'health', 'metrics', 'console']);

/** Clients may write the whole url in the request line, and do so through a proxy. RFC 9112, 3.2.2. */
const ORIGIN = /^https?:\/\/[^/?]*/i;

/**
 * Whether a request path belongs to the protocol, so that its body is left to our routes. `base` is the global prefix and
 * the module's path. A first segment that is none of ours may be a tenant: `/acme/message:send`. Letter case is ignored,
 * as express ignores it.
 */
export function isA2aPath(url: string, base: string): boolean {
  const target = url.startsWith('/') ? url : url.replace(ORIGIN, '');
  const query = target.indexOf('?');
  const path = decoded(query < 0 ? target : target.slice(0, query)).toLowerCase();
  if (!path.startsWith(base.toLowerCase())) return false;
  const rest = path.slice(base.length);
  if (rest === '' || rest === '/') return true;
  if (rest[0] !== '/') return false;
  const [first, second] = rest.slice(1).split('/', 2);
  if (OPERATION.test(first!)) return true;
  return second !== undefined && !NO_TENANTS.has(first!) && OPERATION.test(second);
}

function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
