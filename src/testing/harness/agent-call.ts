import type { Observable } from 'rxjs';
import type { StreamResponse, Task, TaskState } from '../../protocol/model/index.js';
import type { SentEvent } from '../../transports/in-process/task-events.js';
import { AgentAnswer } from './agent-answer.js';
import { fullState, stateIn, taskIdIn, type StateName } from './event-facts.js';
import type { AgentMessage } from './agent-message.js';

/** What a call needs of its harness. */
export interface CallPorts {
  readonly events: Observable<SentEvent>;
  get(taskId: string): Promise<Task>;
  follow(message: AgentMessage, taskId: string | undefined): AgentCall;
}

/** A message on its way. It has been sent when you get this, whether or not you read its events. */
export class AgentCall implements AsyncIterable<StreamResponse> {
  /**
   * The answer, once the task has ended or needs something, or the agent has replied with a Message. Rejects with the A2AError that a client
   * would get, for example when a guard refuses the message.
   */
  readonly done: Promise<AgentAnswer>;
  readonly #events: StreamResponse[] = [];
  #over = false;
  #waiting: (() => void)[] = [];

  constructor(ports: CallPorts) {
    this.done = this.#read(ports.events).then(async () => {
      const taskId = this.#taskId;
      const task = taskId === undefined ? undefined : await ports.get(taskId);
      return new AgentAnswer(this.#events, task, (message) => ports.follow(message, taskId));
    });
    // A test that reads the events need not await it.
    this.done.catch(() => undefined);
  }

  /** The events from the first on, as a client's stream shows them. */
  async *[Symbol.asyncIterator](): AsyncGenerator<StreamResponse, void> {
    for (let index = 0; ; index++) {
      while (index >= this.#events.length && !this.#over) await this.#change();
      const event = this.#events[index];
      if (event === undefined) break;
      yield event;
    }
    await this.done;
  }

  /** Waits for the first event with this state: `WORKING` or `TASK_STATE_WORKING`. Rejects if the stream ends before. */
  async until(state: StateName): Promise<StreamResponse> {
    for await (const event of this) if (stateIn(event) === fullState(state)) return event;
    throw new Error(`The stream ended, and no event had the state ${state}. ${this.#seen()}`);
  }

  /** The id of the task, as soon as there is one. Rejects if there is none. */
  async taskId(): Promise<string> {
    for await (const event of this) {
      const id = taskIdIn(event);
      if (id !== undefined) return id;
    }
    throw new Error('The agent answered with a Message: there is no task.');
  }

  get #taskId(): string | undefined {
    return this.#events.map(taskIdIn).find((id) => id !== undefined);
  }

  #seen(): string {
    const states = this.#events.map(stateIn).filter((state): state is TaskState => state !== undefined);
    return `There were ${states.join(', ') || 'none'}.`;
  }

  #read(events: Observable<SentEvent>): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const over = (settle: () => void) => (): void => {
        this.#over = true;
        settle();
        this.#wake();
      };
      events.subscribe({
        next: ({ event }) => {
          this.#events.push(event);
          this.#wake();
        },
        error: (error: unknown) => over(() => reject(error as Error))(),
        complete: over(resolve),
      });
    });
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
