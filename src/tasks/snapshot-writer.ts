import { SafeLogger } from '../common/safe-logger.js';

import { isInterrupted, isTerminal } from '../protocol/state/task-state.js';
import type { TaskSnapshot } from './task-record.js';
import type { RunAppend } from './task-store.interface.js';

/** Folding fewer events and bytes than these is too cheap to be worth a snapshot. */
const SMALL_EVENTS = 64;
const SMALL_BYTES = 64 * 1024;
/** A task with a larger document gets no further snapshots. */
const MAX_DOC_BYTES = 8 * 1024 * 1024;
/** The most tasks whose growth is tracked, and the most that wait for a snapshot; beyond that a snapshot is skipped. */
const MAX_TASKS = 10_000;

/** How far a task's log and its snapshot reach. Without a snapshot the snapshot's fields are undefined. */
export interface SnapshotReach {
  readonly lastSeq: number;
  /** Bytes of all events. */
  readonly bytes: number;
  readonly snapshotSeq?: number;
  /** Bytes of the events that the snapshot covers. */
  readonly snapshotBytes?: number;
  /** Bytes of the snapshot itself. */
  readonly size?: number;
}

/** Where a storage keeps its snapshots. Not for clients: no scope. */
export interface SnapshotStore {
  /** undefined: the task is gone. */
  reach(taskId: string): Promise<SnapshotReach | undefined>;
  /** The task as of now. */
  read(taskId: string): Promise<TaskSnapshot | undefined>;
  /** Stores `doc` as the task's snapshot, unless the task is gone or has a newer one. */
  write(snapshot: TaskSnapshot, doc: string): Promise<void>;
}

/** What was appended since the last snapshot, as far as this process knows. */
interface Growth {
  events: number;
  bytes: number;
  /**
   * Bytes at which the next snapshot is due: as many as the last one had, so that the total cost stays linear. Infinity: the task
   * was too large for a snapshot, and is not read to its end again to find out.
   */
  next: number;
}

/**
 * Limits how much a reader has to fold. Writes a snapshot when the task ends or waits for its client, and whenever the log has
 * grown by as much as the last snapshot had. It works behind the appends, one task at a time. Nothing waits for it, and a snapshot
 * that fails is only missing.
 */
export class SnapshotWriter {
  readonly #logger = new SafeLogger(SnapshotWriter.name);
  readonly #growth = new Map<string, Growth>();
  /** The value: whether the task has settled, in a terminal or interrupted state. */
  readonly #due = new Map<string, boolean>();
  #working?: Promise<void>;
  #closed = false;

  constructor(private readonly place: SnapshotStore) {}

  appended({ run: { taskId }, firstSeq, events }: RunAppend): void {
    const growth = this.#growth.get(taskId) ?? unknownGrowth(firstSeq);
    growth.events += events.length;
    for (const event of events) growth.bytes += event.bytes;
    const state = events.findLast((event) => event.state !== undefined)?.state;
    const ended = state !== undefined && isTerminal(state);
    const rests = ended || (state !== undefined && isInterrupted(state));
    if (isDue(growth, rests)) this.#schedule(taskId, rests);
    this.#growth.delete(taskId);
    if (!ended) this.#growth.set(taskId, growth);
    const [oldest] = this.#growth.keys();
    if (this.#growth.size > MAX_TASKS && oldest !== undefined) this.#growth.delete(oldest);
  }

  /** Ensures that a snapshot covers the whole log. False: the task is gone or too large. */
  async cover(taskId: string): Promise<boolean> {
    const reach = await this.place.reach(taskId);
    if (!reach) return false;
    if (reach.snapshotSeq === reach.lastSeq) return true;
    const snapshot = await this.place.read(taskId);
    return snapshot !== undefined && (await this.#write(snapshot)) !== undefined;
  }

  /** Resolves when nothing is in progress. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  #schedule(taskId: string, rests: boolean): void {
    if (this.#closed || this.#due.size >= MAX_TASKS) return;
    this.#due.set(taskId, rests || (this.#due.get(taskId) ?? false));
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    for (const [taskId, rests] of this.#due) {
      if (this.#closed) break;
      this.#due.delete(taskId);
      await this.#refresh(taskId, rests).catch((error: unknown) => {
        this.#logger.warn(`No snapshot of task ${taskId}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
    this.#working = undefined;
  }

  async #refresh(taskId: string, rests: boolean): Promise<void> {
    const growth = this.#growth.get(taskId);
    if (growth) [growth.events, growth.bytes] = [0, 0];
    const reach = await this.place.reach(taskId);
    if (!reach) return;
    const events = reach.lastSeq - (reach.snapshotSeq ?? 0);
    const bytes = reach.bytes - (reach.snapshotBytes ?? 0);
    const next = Math.max(SMALL_BYTES, reach.size ?? 0);
    if (rests ? isSmall(events, bytes) : bytes < next) {
      if (growth) growth.next = next - bytes;
      return;
    }
    const snapshot = await this.place.read(taskId);
    const written = snapshot && (await this.#write(snapshot));
    if (growth) growth.next = Math.max(SMALL_BYTES, written ?? Infinity);
  }

  /** Returns the size of what was written; undefined: too large. */
  async #write(snapshot: TaskSnapshot): Promise<number | undefined> {
    const doc = JSON.stringify(snapshot.task);
    const size = Buffer.byteLength(doc);
    if (size > MAX_DOC_BYTES) return undefined;
    await this.place.write(snapshot, doc);
    return size;
  }
}

/** For a task that this process has not appended to before: assumed large, unless the log begins here. */
const unknownGrowth = (firstSeq: number): Growth => ({
  events: firstSeq > 2 ? SMALL_EVENTS : firstSeq - 1,
  bytes: 0,
  next: SMALL_BYTES,
});

const isDue = ({ events, bytes, next }: Growth, rests: boolean): boolean =>
  next !== Infinity && !isSmall(events, bytes) && (rests || bytes >= next);

const isSmall = (events: number, bytes: number): boolean => events <= SMALL_EVENTS && bytes <= SMALL_BYTES;
