import type { AgentEvent, AgentEventSink } from '../../agents/agent-executor.interface.js';
import { invalidAgentResponse } from '../../protocol/errors/index.js';
import type { Message } from '../../protocol/model/index.js';

/** What an agent's first event decides: a Message answer or work on a task. */
export type Decision = { readonly kind: 'message'; readonly message: Message } | { readonly kind: 'task' };

/**
 * The sink of an agent that may answer with a Message. Its first event decides. Task events wait until `forward` names the sink of the task
 * that was created for them, and keep their order.
 */
export class FirstEventGate implements AgentEventSink {
  #decide!: (decision: Decision) => void;
  #forward!: (sink: AgentEventSink) => void;
  #refuse!: (reason: Error) => void;
  #kind?: Decision['kind'];
  readonly decided = new Promise<Decision>((resolve) => (this.#decide = resolve));
  readonly #sink = new Promise<AgentEventSink>((resolve, reject) => {
    this.#forward = resolve;
    this.#refuse = reject;
  });

  constructor(private readonly mayBeTask: boolean) {
    // The agent sees the rejection if it awaits the event.
    this.#sink.catch(() => undefined);
  }

  async emit(event: AgentEvent): Promise<void> {
    if ('message' in event) {
      if (this.#kind) throw invalidAgentResponse('The agent sent a Message after its first event.');
      return this.#settle({ kind: 'message', message: event.message });
    }
    if (this.#kind === 'message')
      throw invalidAgentResponse('The agent has answered with a Message: it takes no more events.');
    if (!this.mayBeTask) {
      throw invalidAgentResponse(
        "The agent declares replies: 'message', but sent a task event. Declare 'either' or 'task'.",
      );
    }
    if (!this.#kind) this.#settle({ kind: 'task' });
    await (await this.#sink).emit(event);
  }

  forward(sink: AgentEventSink): void {
    this.#forward(sink);
  }

  /** There will be no task: waiting and later events reject. No effect after `forward`. */
  refuse(reason: Error): void {
    this.#refuse(reason);
  }

  #settle(decision: Decision): void {
    this.#kind = decision.kind;
    this.#decide(decision);
  }
}
