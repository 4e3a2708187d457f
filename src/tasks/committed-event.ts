import type {
  Message,
  Task,
  TaskArtifactUpdateEvent,
  TaskEvent,
  TaskState,
  TaskStatusUpdateEvent,
} from '../protocol/model/index.js';
import { isTerminal } from '../protocol/state/task-state.js';
import type { EventKind, PendingEvent } from './pending-event.js';

/** Turns an event into the body that one wire version carries. `name` keys the cache. */
export interface EventEncoding {
  readonly name: string;
  /** `final`: this event ends the stream (v0.3 carries that flag in the event itself). */
  encode(event: CommittedEvent, final: boolean): string | Buffer;
}

const HEADS: Record<EventKind, [string, string]> = {
  task: ['{"task":{"id":', '}}'],
  status: ['{"statusUpdate":{"taskId":', '}}'],
  artifact: ['{"artifactUpdate":{"taskId":', '}}'],
};

/** An event that is stored in the log under (taskId, seq). Readers never see it earlier. Immutable and shared by all readers. */
export class CommittedEvent {
  #bodies?: Map<string, Buffer>;
  #event?: TaskEvent;

  constructor(
    readonly taskId: string,
    readonly contextId: string,
    readonly seq: number,
    readonly kind: EventKind,
    /** JSON text without the ids. */
    readonly data: string,
    readonly state?: TaskState,
    readonly inbound?: string,
  ) {}

  static of(task: { taskId: string; contextId: string }, seq: number, pending: PendingEvent): CommittedEvent {
    return new CommittedEvent(
      task.taskId,
      task.contextId,
      seq,
      pending.kind,
      pending.data,
      pending.state,
      pending.inbound,
    );
  }

  /** UTF-16 length of the text. Bounded queues count this. */
  get size(): number {
    return this.data.length + (this.inbound?.length ?? 0);
  }

  get terminal(): boolean {
    return this.state !== undefined && isTerminal(this.state);
  }

  /** The v1.0 `StreamResponse` as JSON text. */
  get text(): string {
    const [head, tail] = HEADS[this.kind];
    return `${head}${JSON.stringify(this.taskId)},"contextId":${JSON.stringify(this.contextId)},${this.data.slice(1, -1)}${tail}`;
  }

  /** The parsed event. Do not change it: all readers share it. */
  get event(): TaskEvent {
    if (this.#event) return this.#event;
    const { taskId, contextId } = this;
    const body: object = JSON.parse(this.data);
    if (this.kind === 'task') this.#event = { task: { id: taskId, contextId, ...body } as Task };
    else if (this.kind === 'status')
      this.#event = { statusUpdate: { taskId, contextId, ...body } as TaskStatusUpdateEvent };
    else this.#event = { artifactUpdate: { taskId, contextId, ...body } as TaskArtifactUpdateEvent };
    return this.#event;
  }

  get inboundMessage(): Message | undefined {
    return this.inbound === undefined ? undefined : (JSON.parse(this.inbound) as Message);
  }

  /** The body of a frame in one encoding. It is encoded once, and all readers share the Buffer. */
  body(encoding: EventEncoding, final: boolean): Buffer {
    const key = final ? `${encoding.name}!` : encoding.name;
    const bodies = (this.#bodies ??= new Map());
    let body = bodies.get(key);
    if (body === undefined) {
      const encoded = encoding.encode(this, final);
      bodies.set(key, (body = typeof encoded === 'string' ? Buffer.from(encoded) : encoded));
    }
    return body;
  }
}
