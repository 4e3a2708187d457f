import { describe, expect, it } from '@jest/globals';
import { RelayAgent } from './relay.agent.js';
import { RELAY_OPTIONS } from './relay.options.js';
import { relayProviders } from './relay.providers.js';

const A2A_RELAY_BASE_URL = 'https://me:secret@example.com/v1';

describe('relayProviders', () => {
  it('is off without a base address', () => {
    expect(relayProviders({})).toEqual([]);
    expect(relayProviders({ A2A_RELAY_MODEL: 'm', A2A_RELAY_API_KEY: 'k', A2A_RELAY_BASE_URL: '' })).toEqual([]);
  });

  it('provides the agent and its options', () => {
    const useValue = { baseUrl: A2A_RELAY_BASE_URL, model: 'm', apiKey: 'k' };
    expect(relayProviders({ A2A_RELAY_BASE_URL, A2A_RELAY_MODEL: 'm', A2A_RELAY_API_KEY: 'k' })).toEqual([
      RelayAgent,
      { provide: RELAY_OPTIONS, useValue },
    ]);
    expect(relayProviders({ A2A_RELAY_BASE_URL, A2A_RELAY_MODEL: 'm' })[1]).not.toHaveProperty('useValue.apiKey');
  });

  it.each([
    ['a model that is missing', { A2A_RELAY_BASE_URL }, 'A2A_RELAY_MODEL'],
    ['an address that is none', { A2A_RELAY_BASE_URL: 'me:secret@x', A2A_RELAY_MODEL: 'm' }, 'A2A_RELAY_BASE_URL'],
    [
      'a key with white space',
      { A2A_RELAY_BASE_URL, A2A_RELAY_MODEL: 'm', A2A_RELAY_API_KEY: 'a secret\n' },
      'A2A_RELAY_API_KEY',
    ],
  ])('stops at %s by name, without showing secrets', (_, env, name) => {
    expect(() => relayProviders(env)).toThrow(name);
    expect(() => relayProviders(env)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
