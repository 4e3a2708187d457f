import type { Server } from 'node:http';
import type { LimitsOptions } from '../../common/limits.options.js';

/** The defaults of Node and Fastify. Any other value was set by the application, and stays. */
const DEFAULT_KEEP_ALIVE_MS = new Set([5_000, 72_000]);
const DEFAULT_HEADERS_MS = 60_000;
/** Interval of Node's check for late headers, in ms. */
const DEFAULT_CHECK_MS = 30_000;
const LONGEST_CHECK_MS = 5_000;

interface Timeouts {
  keepAliveTimeout?: number;
  headersTimeout?: number;
  /** Not in Node's types. */
  connectionsCheckingInterval?: number;
}

/**
 * Keeps idle connections for longer than load balancers do, which would otherwise send requests into closing connections, and
 * limits the time for headers. To be called before the server listens.
 */
export function setServerTimeouts(
  server: Partial<Server> & Timeouts,
  keepAliveTimeoutMs: number,
  { requestIdleMs }: Pick<LimitsOptions, 'requestIdleMs'>,
): void {
  if (server.keepAliveTimeout !== undefined && DEFAULT_KEEP_ALIVE_MS.has(server.keepAliveTimeout))
    server.keepAliveTimeout = keepAliveTimeoutMs;
  if (server.headersTimeout === DEFAULT_HEADERS_MS) server.headersTimeout = requestIdleMs;
  if (server.connectionsCheckingInterval === DEFAULT_CHECK_MS)
    server.connectionsCheckingInterval = Math.min(LONGEST_CHECK_MS, Math.ceil(requestIdleMs / 4));
}
