import type { Server } from 'node:http';
import type { LimitsOptions } from '../../common/limits.options.js';

/** What Node and Fastify set by themselves; anything else was the application's choice, and stays. */
const DEFAULT_KEEP_ALIVE_MS = new Set([5_000, 72_000]);
const DEFAULT_HEADERS_MS = 60_000;
/** How often Node looks for headers that are late. */
const DEFAULT_CHECK_MS = 30_000;
const LONGEST_CHECK_MS = 5_000;

interface Timeouts {
  keepAliveTimeout?: number;
  headersTimeout?: number;
  /** Not part of Node's typed surface. */
  connectionsCheckingInterval?: number;
}

/**
 * Keeps idle connections for longer than load balancers do, which would send requests into connections that are being closed, and
 * gives headers a time to arrive. Before the server listens.
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
