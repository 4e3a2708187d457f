import type { OnApplicationShutdown } from '@nestjs/common';
import { A2aClient } from '../a2a.client.js';
import type { A2aClientAgent, A2aClientModuleOptions } from './a2a-client.options.js';

/** The clients of an application. They request nothing before their first call, and are closed when the application is. */
export class A2aClients implements OnApplicationShutdown {
  readonly #clients: ReadonlyMap<string, A2aClient>;

  /** @throws TypeError naming the agent whose options are invalid or missing. */
  constructor(names: readonly string[], { agents, defaults = {} }: A2aClientModuleOptions) {
    this.#clients = new Map(names.map((name) => [name, clientOf(name, agents[name], defaults)]));
  }

  /** @throws TypeError for a name that was not given to the module. */
  get(name: string): A2aClient {
    const client = this.#clients.get(name);
    if (!client)
      throw new TypeError(`A2aClientModule has no agent '${name}'. There are ${[...this.#clients.keys()].join(', ')}.`);
    return client;
  }

  /** After the runs of agents, which may need their clients until they end. */
  onApplicationShutdown(): void {
    for (const client of this.#clients.values()) client.close();
  }
}

function clientOf(
  name: string,
  agent: A2aClientAgent | undefined,
  defaults: A2aClientModuleOptions['defaults'],
): A2aClient {
  if (!agent) throw new TypeError(`A2aClientModule: the options have no agent '${name}', which is to be injected.`);
  const { url, agentCard, ...options } = agent;
  const address = agentCard ?? url;
  if (address === undefined)
    throw new TypeError(`A2aClientModule: agent '${name}' needs a url, like 'https://agents.example/weather'.`);
  const { limits, card, ...others } = { ...defaults };
  try {
    return new A2aClient(address, {
      ...others,
      ...options,
      limits: { ...limits, ...options.limits },
      card: { ...card, ...options.card },
    });
  } catch (error) {
    throw new TypeError(`A2aClientModule: agent '${name}': ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
