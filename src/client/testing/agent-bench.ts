import type { AgentCard } from '../../protocol/model/index.js';
import { A2aClient } from '../a2a.client.js';
import type { A2aClientOptions } from '../options/client.options.js';
import { QUICK, type Script, ScriptedAgent } from './scripted-agent.js';

/** A scripted agent and a client of it, one at a time. */
export class AgentBench {
  #agent?: ScriptedAgent;
  #client?: A2aClient;

  get agent(): ScriptedAgent {
    if (!this.#agent) throw new Error('nothing is served');
    return this.#agent;
  }

  get lastEventIds(): unknown[] {
    return this.agent.calls.map(({ headers }) => headers['last-event-id']);
  }

  async serve(script: Script, card: Partial<AgentCard> = {}, options: A2aClientOptions = {}): Promise<A2aClient> {
    this.#agent = await ScriptedAgent.start(script, card);
    const limits = { ...QUICK.limits, ...options.limits };
    this.#client = new A2aClient(this.#agent.url, { ...QUICK, ...options, limits });
    return this.#client;
  }

  async close(): Promise<void> {
    this.#client?.close();
    await this.#agent?.close();
    this.#agent = this.#client = undefined;
  }
}

/** The replies of a script in order; the last one for all further calls. */
export const inTurn = (...replies: readonly Script[]): Script => {
  let at = 0;
  return (call) => replies[Math.min(at++, replies.length - 1)]!(call);
};
