import type { Provider } from '@nestjs/common';
import { RelayAgent } from '../../examples/relay/relay.agent.js';
import { RELAY_OPTIONS, type RelayOptions } from '../../examples/relay/relay.options.js';
import type { AgentsEnvironment } from './configuration/agents.environment.js';

type RelayVariables = Pick<AgentsEnvironment, 'A2A_RELAY_BASE_URL' | 'A2A_RELAY_MODEL' | 'A2A_RELAY_API_KEY'>;

/** The relay agent with its options, if an API is configured to which it can relay. */
export function relayAgent(env: RelayVariables): Provider[] {
  const { A2A_RELAY_BASE_URL: baseUrl, A2A_RELAY_MODEL: model, A2A_RELAY_API_KEY: apiKey } = env;
  if (baseUrl === undefined || model === undefined) return [];
  const options: RelayOptions = { baseUrl, model, ...(apiKey !== undefined && { apiKey }) };
  return [RelayAgent, { provide: RELAY_OPTIONS, useValue: options }];
}
