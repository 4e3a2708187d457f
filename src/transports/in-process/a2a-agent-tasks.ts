import type { Observable } from 'rxjs';
import type { ListTasksRequest, ListTasksResponse, SendMessageResponse, Task } from '../../protocol/model/index.js';
import type { OutgoingMessage } from '../../protocol/outgoing-message.js';
import type { A2aTasks, InProcessCaller } from './a2a-tasks.js';
import type { SentEvent, SequencedEvent } from './task-events.js';

/** On whose behalf an agent is called, when the agent is known. See InProcessCaller. */
export type AgentCaller = Omit<InProcessCaller, 'agent'>;

/**
 * `A2aTasks` for one agent of this application: the same methods, for a caller without `agent`. Inject it with `@InjectA2aAgent('id')`.
 *
 * @example
 * constructor(@InjectA2aAgent('writer') private readonly writer: A2aAgentTasks) {}
 * report$ = this.writer.stream('Write the report', { owner: 'alice' });
 */
export class A2aAgentTasks {
  constructor(
    /** Id of the agent. */
    readonly agent: string,
    private readonly tasks: A2aTasks,
  ) {}

  send(message: OutgoingMessage, caller: AgentCaller, signal?: AbortSignal): Promise<SendMessageResponse> {
    return this.tasks.send(message, this.#bound(caller), signal);
  }

  stream(message: OutgoingMessage, caller: AgentCaller): Observable<SentEvent> {
    return this.tasks.stream(message, this.#bound(caller));
  }

  events$(taskId: string, caller: AgentCaller, options?: { after?: number }): Observable<SequencedEvent> {
    return this.tasks.events$(taskId, this.#bound(caller), options);
  }

  get(taskId: string, caller: AgentCaller, options?: { historyLength?: number }): Promise<Task> {
    return this.tasks.get(taskId, this.#bound(caller), options);
  }

  list(query: ListTasksRequest, caller: AgentCaller): Promise<ListTasksResponse> {
    return this.tasks.list(query, this.#bound(caller));
  }

  cancel(taskId: string, caller: AgentCaller): Promise<Task> {
    return this.tasks.cancel(taskId, this.#bound(caller));
  }

  #bound(caller: AgentCaller): InProcessCaller {
    return { ...caller, agent: this.agent };
  }
}
