import type { AgentCard } from '../protocol/model/index.js';
import { A2aClient } from './a2a.client.js';
import type { A2aClientOptions } from './options/client.options.js';

/**
 * Fetches an agent's card and returns a client for it, if the client supports one of its interfaces. `agent`: its URL, the URL of its card,
 * or its card. Close the client when you no longer need it.
 * @throws AgentCardResolutionError when there is none; RangeError, TypeError or A2AClientInvalidArgsError for wrong options.
 */
export async function connect(
  agent: string | AgentCard,
  { signal, ...options }: A2aClientOptions & { readonly signal?: AbortSignal } = {},
): Promise<A2aClient> {
  const client = new A2aClient(agent, options);
  try {
    await client.card({ signal });
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}
