import { describe, expect, it } from '@jest/globals';
import { endpointOf } from './endpoint.js';
import { logTextOf } from './log-text.js';
import { RelayError } from './relay.error.js';

describe('endpointOf', () => {
  it.each([
    ['http://127.0.0.1:1/v1', 'http://127.0.0.1:1/v1/chat/completions'],
    ['http://127.0.0.1:1/v1/', 'http://127.0.0.1:1/v1/chat/completions'],
    ['https://example.com', 'https://example.com/chat/completions'],
  ])('adds the path to %s', (baseUrl, address) => {
    expect(endpointOf({ baseUrl })).toEqual({ address, secrets: [] });
  });

  it('moves credentials out of the address', () => {
    const { address, authorization } = endpointOf({ baseUrl: 'https://me:p%40ss@example.com/v1' });
    expect(address).toBe('https://example.com/v1/chat/completions');
    expect(authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  it('takes credentials that are not encoded well as they are', () => {
    const { authorization } = endpointOf({ baseUrl: 'https://me:50%@example.com' });
    expect(authorization).toBe(`Basic ${Buffer.from('me:50%').toString('base64')}`);
  });

  it('prefers the key', () => {
    expect(endpointOf({ baseUrl: 'https://me:pass@example.com', apiKey: 'sk-1' }).authorization).toBe('Bearer sk-1');
  });
});

describe('logTextOf', () => {
  it('shows no secret, in no form, on one bounded line', () => {
    const detail = `sk-1234 p%40ss p@ss sk-1234\nmore ${'x'.repeat(1000)}`;
    const text = logTextOf(new RelayError('UPSTREAM_FAILED', 'It failed.', detail), {
      baseUrl: 'https://me:p%40ss@example.com',
      model: 'm',
      apiKey: 'sk-1234',
    });
    expect(text).toMatch(/^It failed\. \*\*\* \*\*\* \*\*\* \*\*\*/);
    expect(text).not.toMatch(/sk-1234|p@ss|p%40ss|\n/);
    expect(text.length).toBeLessThan(350);
  });
});
