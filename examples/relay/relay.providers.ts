import type { Provider } from '@nestjs/common';
import { RelayAgent } from './relay.agent.js';
import { RELAY_OPTIONS, type RelayOptions } from './relay.options.js';

export interface RelayEnvironment {
  A2A_RELAY_BASE_URL?: string;
  A2A_RELAY_MODEL?: string;
  A2A_RELAY_API_KEY?: string;
}

/** The relay agent with its options; nothing without a base address. @throws Error naming the variable that is wrong. */
export function relayProviders(env: RelayEnvironment): Provider[] {
  const { A2A_RELAY_BASE_URL: baseUrl, A2A_RELAY_MODEL: model, A2A_RELAY_API_KEY: apiKey } = env;
  if (!baseUrl) return [];
  // Values are not shown: they may hold credentials.
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new Error('A2A_RELAY_BASE_URL is no http or https URL: set it, such as http://127.0.0.1:11434/v1.');
  if (!model)
    throw new Error('A2A_RELAY_BASE_URL is set, but A2A_RELAY_MODEL is not: name the model, such as llama3.2.');
  if (apiKey && !/^[\x21-\x7e]+$/.test(apiKey))
    throw new Error('A2A_RELAY_API_KEY has characters that no key has, such as white space: copy it again.');
  const options: RelayOptions = { baseUrl, model, ...(apiKey && { apiKey }) };
  return [RelayAgent, { provide: RELAY_OPTIONS, useValue: options }];
}
