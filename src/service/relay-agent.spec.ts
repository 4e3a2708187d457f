import { describe, expect, it } from '@jest/globals';
import { RelayAgent } from '../../examples/relay/relay.agent.js';
import { RELAY_OPTIONS } from '../../examples/relay/relay.options.js';
import { relayAgent } from './relay-agent.js';

const A2A_RELAY_BASE_URL = 'https://example.com/v1';

describe('relayAgent', () => {
  it('is off without a base address', () => {
    expect(relayAgent({})).toEqual([]);
    expect(relayAgent({ A2A_RELAY_MODEL: 'm', A2A_RELAY_API_KEY: 'k' })).toEqual([]);
  });

  it('provides the agent and its options', () => {
    const useValue = { baseUrl: A2A_RELAY_BASE_URL, model: 'm', apiKey: 'k' };
    expect(relayAgent({ A2A_RELAY_BASE_URL, A2A_RELAY_MODEL: 'm', A2A_RELAY_API_KEY: 'k' })).toEqual([
      RelayAgent,
      { provide: RELAY_OPTIONS, useValue },
    ]);
    expect(relayAgent({ A2A_RELAY_BASE_URL, A2A_RELAY_MODEL: 'm' })[1]).not.toHaveProperty('useValue.apiKey');
  });
});
