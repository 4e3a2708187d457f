import type { Message, SendMessageResponse, Task, TaskState } from '../protocol/model/index.js';
import { isInterrupted, isTerminal } from '../protocol/state/task-state.js';
import type { CommittedEvent } from './committed-event.js';

/** A blocking call is answered at these states. Spec 3.2.2. */
export const answersBlocking = (state: TaskState): boolean => isTerminal(state) || isInterrupted(state);

/** Makes the answer of a call out of a task's events. */
export class ResultAggregator {
  constructor(private readonly load: () => Promise<Task>) {}

  /** The answer of a call that does not wait: the task as it is. */
  async current(): Promise<SendMessageResponse> {
    return { task: await this.load() };
  }

  /** Waits until an event (or the end of the stream) answers the call, then gives the task as it is stored. */
  async untilAnswered(events: AsyncIterable<readonly CommittedEvent[]>): Promise<SendMessageResponse> {
    for await (const batch of events) {
      if (batch.some((event) => event.state && answersBlocking(event.state))) break;
    }
    return this.current();
  }

  static message(message: Message): SendMessageResponse {
    return { message };
  }
}
