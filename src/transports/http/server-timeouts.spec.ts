import { describe, expect, it } from '@jest/globals';
import { setServerTimeouts } from './server-timeouts.js';

const LIMITS = { requestIdleMs: 20_000 };

describe('setServerTimeouts', () => {
  it.each([5_000, 72_000])('replaces what Node and Fastify set (%d)', (keepAliveTimeout) => {
    const server = { keepAliveTimeout, headersTimeout: 60_000, connectionsCheckingInterval: 30_000 };
    setServerTimeouts(server, 90_000, LIMITS);
    expect(server).toEqual({ keepAliveTimeout: 90_000, headersTimeout: 20_000, connectionsCheckingInterval: 5_000 });
  });

  it('leaves alone what the application has set, and servers of another kind', () => {
    const server = { keepAliveTimeout: 1_234, headersTimeout: 45_000, connectionsCheckingInterval: 7_000 };
    setServerTimeouts(server, 90_000, LIMITS);
    expect(server).toEqual({ keepAliveTimeout: 1_234, headersTimeout: 45_000, connectionsCheckingInterval: 7_000 });
    const other = {};
    setServerTimeouts(other, 90_000, LIMITS);
    expect(other).toEqual({});
  });
});
