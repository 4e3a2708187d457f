import { describe, expect, it } from '@jest/globals';
import { cardOptions } from '../card/agent-card.options.js';
import { clientOptions } from './client.options.check.js';
import { type A2aClientOptions, CLIENT_LIMITS } from './client.options.js';

describe('clientOptions', () => {
  it('fills in the limits, also where one is undefined', () => {
    expect(clientOptions().limits).toEqual(CLIENT_LIMITS);
    expect(clientOptions({ limits: { attempts: 3, timeoutMs: undefined } }).limits).toEqual({
      ...CLIENT_LIMITS,
      attempts: 3,
    });
  });

  it.each([
    [{ retries: 1 }, 'retries is not an option. There are headers,'],
    [{ limits: { retries: 1 } }, 'limits.retries is not an option'],
    [{ limits: { timeoutMs: 0 } }, 'limits.timeoutMs must be a whole number from 1'],
    [{ limits: { idleTimeoutMs: 2 ** 31 - 1 } }, 'limits.idleTimeoutMs must be'],
    [{ limits: { attempts: 1.5 } }, 'limits.attempts must be'],
    [{ headers: 'Bearer x' }, 'headers must be an object of strings'],
    [{ headers: { authorization: undefined } }, "headers: the value of 'authorization' must be a string"],
    [{ preference: [{ binding: 'GRPC', version: '1.0' }] }, 'preference: this client does not speak GRPC 1.0'],
    [{ preference: [{ binding: 'JSONRPC', version: '2.0' }] }, 'does not speak JSONRPC 2.0'],
  ])('refuses %j by name', (options, message) => {
    expect(() => clientOptions(options as A2aClientOptions)).toThrow(message);
  });
});

describe('cardOptions', () => {
  it('fills in the defaults', () => {
    expect(cardOptions({ maxAge: 10, path: undefined })).toMatchObject({
      path: '/.well-known/agent-card.json',
      maxAge: 10,
      maxBytes: 1_048_576,
    });
  });

  it.each([
    [{ ttl: 5 }, 'card.ttl is not an option'],
    [{ maxBytes: 0 }, 'card.maxBytes must be'],
    [{ staleIfError: -1 }, 'card.staleIfError must be'],
    [{ path: 'card.json' }, "card.path must begin with '/'"],
    [{ verify: true }, 'card.verify must be a function'],
  ])('refuses %j by name', (options, message) => {
    expect(() => cardOptions(options as never)).toThrow(message);
  });
});
