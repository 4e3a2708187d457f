import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { TaskKey } from '../../../events/event-publisher.js';
import type { CommittedEvent } from '../../../tasks/committed-event.js';
import type { EventPage } from '../../../tasks/task-store.interface.js';

/** Tasks whose events are passed on at the same time. */
const CONCURRENCY = 32;
/** Events of a task before others have their turn. */
const TURN = 32;
/** Tasks whose positions are known. */
const MAX_TASKS = 10_000;
/** Bytes of committed events that wait in memory; the rest is read from the log. */
const MAX_BYTES = 8 * 1024 * 1024;

/** A task, and how far its events were passed on. */
interface Lane {
  readonly task: TaskKey;
  /** Seq of the last event that was passed on. */
  position: number;
  /** The newest seq that is known. */
  newest: number;
  /** What follows the position, without a gap, as far as it is in memory. */
  events: CommittedEvent[];
  busy: boolean;
  ended: boolean;
}

export interface TaskEventFeedPorts {
  /** undefined: the task does not exist any more. */
  readonly read: (task: TaskKey, afterSeq: number) => Promise<EventPage | undefined>;
  /** Never rejects. The next event of the task waits for it. */
  readonly deliver: (task: TaskKey, event: CommittedEvent) => Promise<void>;
  /** A task cannot be read, or there are too many; events are not passed on. */
  readonly lost: (task: TaskKey, reason: unknown) => void;
}

/**
 * Passes on the events of each task in order, each once, and tasks side by side. What is not passed on at once waits in the log, not in
 * memory. Positions are forgotten when a task has ended, and that of the task that was quiet for longest when there are too many.
 */
export class TaskEventFeed {
  readonly #lanes = new Map<string, Lane>();
  /** Those with nothing to do, the one that was quiet for longest first. */
  readonly #quiet = new Set<Lane>();
  readonly #due: Lane[] = [];
  #running = 0;
  #bytes = 0;
  #stopped = false;

  constructor(private readonly ports: TaskEventFeedPorts) {}

  /** Events of a commit of this process. */
  committed(task: TaskKey, events: readonly CommittedEvent[]): void {
    const [first, last] = [events[0]!, events.at(-1)!];
    const lane = this.#laneOf(task, first.seq - 1);
    if (!lane || last.seq <= lane.newest) return;
    const bytes = events.reduce((sum, { size }) => sum + size, 0);
    const follows = (lane.events.at(-1)?.seq ?? lane.position) + 1 === first.seq;
    if (follows && this.#bytes + bytes <= MAX_BYTES) {
      lane.events.push(...events);
      this.#bytes += bytes;
    }
    this.#extend(lane, last.seq);
  }

  /** `seq` is committed. A task that is not known yet starts after `after`; without that nothing is passed on. */
  heard(taskId: string, seq: number, known?: { readonly task: TaskKey; readonly after: number }): void {
    const lane = known ? this.#laneOf(known.task, known.after) : this.#lanes.get(taskId);
    if (lane) this.#extend(lane, seq);
  }

  /** The tasks whose positions are known. */
  get tasks(): readonly TaskKey[] {
    return [...this.#lanes.values()].map(({ task }) => task);
  }

  /** Resolves when everything that is known was passed on, at the latest after `ms`. Nothing is passed on after that. */
  async stop(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (this.#running > 0 && performance.now() < end) await sleep(5);
    this.#stopped = true;
  }

  #laneOf(task: TaskKey, position: number): Lane | undefined {
    const known = this.#lanes.get(task.taskId);
    if (known || this.#stopped) return known;
    if (this.#lanes.size >= MAX_TASKS) {
      const [quietest] = this.#quiet;
      if (!quietest) return void this.ports.lost(task, `There are events of ${MAX_TASKS} other tasks to handle.`);
      this.#forget(quietest);
    }
    const lane: Lane = { task, position, newest: position, events: [], busy: false, ended: false };
    this.#lanes.set(task.taskId, lane);
    this.#quiet.add(lane);
    return lane;
  }

  #extend(lane: Lane, seq: number): void {
    lane.newest = Math.max(lane.newest, seq);
    if (lane.busy || lane.position >= lane.newest) return;
    lane.busy = true;
    this.#quiet.delete(lane);
    this.#due.push(lane);
    this.#start();
  }

  #start(): void {
    while (!this.#stopped && this.#running < CONCURRENCY) {
      const lane = this.#due.shift();
      if (!lane) return;
      this.#running++;
      void this.#run(lane);
    }
  }

  /** Never rejects. */
  async #run(lane: Lane): Promise<void> {
    // The commit that brought the events must not wait for handlers.
    await nextTurn();
    try {
      for (let count = 0; count < TURN && lane.position < lane.newest && !this.#stopped; count++) {
        const event = await this.#next(lane);
        if (!event) break;
        lane.position = event.seq;
        lane.ended ||= event.terminal;
        await this.ports.deliver(lane.task, event);
      }
    } catch (error) {
      // The next wake tries again.
      lane.newest = lane.position;
      this.ports.lost(lane.task, error);
    }
    lane.busy = false;
    this.#running--;
    if (lane.ended) this.#forget(lane);
    else if (lane.position < lane.newest) this.#extend(lane, lane.newest);
    else this.#quiet.add(lane);
    this.#start();
  }

  /** undefined: the task was deleted, or its log was trimmed. */
  async #next(lane: Lane): Promise<CommittedEvent | undefined> {
    if (lane.events.length === 0) {
      const page = await this.ports.read(lane.task, lane.position);
      if (!page || page.trimmed || page.events.length === 0) {
        lane.ended ||= !page || page.trimmed;
        lane.newest = lane.position;
        return undefined;
      }
      this.#release(lane.events);
      lane.events = [...page.events];
      lane.newest = Math.max(lane.newest, page.lastSeq);
      for (const { size } of lane.events) this.#bytes += size;
    }
    const event = lane.events.shift();
    if (event) this.#release([event]);
    return event;
  }

  #release(events: readonly CommittedEvent[]): void {
    for (const { size } of events) this.#bytes -= size;
  }

  #forget(lane: Lane): void {
    this.#release(lane.events);
    lane.events = [];
    this.#quiet.delete(lane);
    this.#lanes.delete(lane.task.taskId);
  }
}
