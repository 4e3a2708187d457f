import type { AgentCard } from '../protocol/model/index.js';
import { A2aClient } from './a2a.client.js';
import type { A2aClientOptions } from './options/client.options.js';

/**
 * A client of an agent whose card was fetched and has an interface that is spoken here. `agent`: its address, that of its card, or
 * its card. Close it when it is not needed any more.
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
