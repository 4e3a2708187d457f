import type { INestApplicationContext, Type } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import type { Task } from '../../protocol/model/index.js';
import { A2aTasks, type InProcessCaller } from '../../transports/in-process/a2a-tasks.js';
import type { AgentAnswer } from './agent-answer.js';
import { AgentCall } from './agent-call.js';
import { type AgentMessage, requestOf } from './agent-message.js';
import type { ManualClock } from './manual-clock.js';

/** Who calls: `alice`, without a tenant, unless you say otherwise. */
export type CallerInTest = Partial<Omit<InProcessCaller, 'agent'>>;

/** An agent of an application: an id, or the class that provides it. */
export type AgentRef = string | Type;

/** Calls one agent of a running application without HTTP, as a client would. */
export class AgentHarness {
  readonly #tasks: A2aTasks;

  constructor(
    /** The application, for `app.get(Provider)`. */
    readonly app: INestApplicationContext,
    /** Id of the agent. */
    readonly agent: string,
    private readonly manual?: ManualClock,
  ) {
    this.#tasks = app.get(A2aTasks, { strict: false });
  }

  /** Sends a message. Resolves when the task has ended or needs something, or the agent has replied with a Message. */
  send(message: AgentMessage, caller?: CallerInTest): Promise<AgentAnswer> {
    return this.stream(message, caller).done;
  }

  /** Sends a message and returns at once, with the events as they come. */
  stream(message: AgentMessage, caller?: CallerInTest): AgentCall {
    return this.#call(message, this.#callerOf(caller));
  }

  /** The task as it is now. */
  task(taskId: string, caller?: CallerInTest): Promise<Task> {
    return this.#tasks.get(taskId, this.#callerOf(caller));
  }

  /** Cancels a task as a client does: resolves with it when the agent has ended it, or has had its time. */
  async cancel(task: AgentCall | string, caller?: CallerInTest): Promise<Task> {
    return this.#tasks.cancel(typeof task === 'string' ? task : await task.taskId(), this.#callerOf(caller));
  }

  /** The time, which stands still between the calls of `advance(ms)`. Throws unless the harness has `clock: 'manual'`. */
  get clock(): Pick<ManualClock, 'advance'> {
    if (this.manual) return this.manual;
    throw new Error("The time of this harness is real: create it with createAgentHarness(Agent, { clock: 'manual' }).");
  }

  /** Shuts the application down: tasks that still run end as at a shutdown. Then time is real again. */
  async close(): Promise<void> {
    this.manual?.release();
    try {
      await this.app.close();
    } finally {
      this.manual?.uninstall();
    }
  }

  #callerOf(given: CallerInTest = {}): InProcessCaller {
    return { owner: 'alice', ...given, agent: this.agent };
  }

  #call(message: AgentMessage, caller: InProcessCaller, taskId?: string): AgentCall {
    return new AgentCall({
      events: this.#tasks.stream(requestOf(message, taskId), caller),
      get: (id) => this.#tasks.get(id, caller),
      follow: (next, id) => this.#call(next, caller, id),
    });
  }
}

/**
 * A harness for an agent of your own application, for example one of `Test.createTestingModule({ … }).compile()`. Call `app.init()` before.
 * `close()` of the harness closes the application.
 *
 * @throws TypeError if the application has no such agent.
 */
export function harnessOf(app: INestApplicationContext, agent: AgentRef): AgentHarness {
  return new AgentHarness(app, idOf(app, agent));
}

export function idOf(app: INestApplicationContext, agent: AgentRef): string {
  const all = app.get<AgentRegistry>(AGENT_REGISTRY, { strict: false }).all();
  const found =
    typeof agent === 'string'
      ? all.find(({ id }) => id === agent)
      : all.find(({ instance }) => instance === app.get<unknown>(agent, { strict: false }));
  if (found) return found.id;
  const name = typeof agent === 'string' ? `'${agent}'` : agent.name;
  const known = all.map(({ id }) => `'${id}'`).join(', ');
  throw new TypeError(`The application has no agent ${name}. There is: ${known || 'none'}.`);
}
