import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { backoffDelay } from '../common/backoff.js';
import { secondsSince } from '../common/metrics/seconds-since.js';
import { unavailable } from '../protocol/errors/index.js';
import { SetAside } from './set-aside.js';
import { TaskLockedError } from './task-locked.error.js';

/** An item of a batch. `retried`: an earlier batch with this item failed, and it is unknown whether that batch was committed. */
export interface Submitted<T> {
  readonly item: T;
  readonly retried: boolean;
}

export interface GroupCommitOptions<T, R> {
  /** Commits all items or none. Returns one result per item, in their order. */
  commit(batch: readonly Submitted<T>[]): Promise<readonly R[]>;
  /** True: the items are not at fault (connection lost, deadlock), so the same batch may succeed later. */
  isTransient(error: unknown): boolean;
  /** True: another session locked an item for too long, and nothing was committed. Default: never. */
  isLocked?(error: unknown): boolean;
  /** Which of these items are locked now. Does not wait for locks. */
  lockedOf?(items: readonly T[]): Promise<ReadonlySet<T>>;
  /** Items with the same key never share a batch and keep their order. Default: items have no key. */
  keyOf?(item: T): string;
  /** Rows that an item writes. Default 1. */
  rowsOf?(item: T): number;
  /** Bytes that an item writes. Default 0. */
  bytesOf?(item: T): number;
  /** Default 512. An item with more rows gets a batch of its own. */
  maxRows?: number;
  /** Default 4 MiB. A larger item gets a batch of its own. */
  maxBytes?: number;
  /** The most items that wait for a batch, default 4096. Further callers wait until one of them leaves the queue. */
  maxWaiting?: number;
  /** Called after each attempt to commit: rows, and time in seconds. */
  attempted?(rows: number, seconds: number, succeeded: boolean): void;
  /** How long an item is retried while the storage fails with transient errors, in ms. Then it fails with UNAVAILABLE. Default 60 s. */
  retryForMs?: number;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly since: number;
  retried: boolean;
  /** It may be locked: check before committing it. */
  suspect: boolean;
  /** A commit of this item alone failed: from now on it is always retried alone. */
  alone: boolean;
  resolve(result: R): void;
  reject(error: unknown): void;
}

const BACKOFF = { firstMs: 20, maxMs: 2_000 };
const RETRY_FOR_MS = 60_000;

/**
 * Natural group commit: one commit is in flight, and items that arrive meanwhile form the next batch. There is no timer: a slower
 * storage gets larger batches. A batch that is rejected for its data is halved until the faulty item is alone. Items that another
 * session has locked leave their batch and are retried on their own, so they do not delay other items.
 */
export class GroupCommit<T, R> {
  readonly #waiting: Waiting<T, R>[] = [];
  readonly #submitters: (() => void)[] = [];
  readonly #stopped = new AbortController();
  readonly #aside = new SetAside<Waiting<T, R>>((waiting) => {
    this.#waiting.unshift(waiting);
    this.#start();
  });
  #running?: Promise<void>;

  constructor(private readonly options: GroupCommitOptions<T, R>) {}

  /** Resolves after the commit. Rejects with the item's own data error, or with UNAVAILABLE. */
  async submit(item: T): Promise<R> {
    while (!this.#closed && this.#freeSlots === 0) {
      await new Promise<void>((resolve) => this.#submitters.push(resolve));
    }
    if (this.#closed) throw closing();
    return new Promise<R>((resolve, reject) => {
      const flags = { retried: false, suspect: false, alone: false };
      this.#waiting.push({ item, since: performance.now(), ...flags, resolve, reject });
      this.#start();
    });
  }

  /** Accepts no more items, commits the queued ones (without retries), then resolves. */
  async close(): Promise<void> {
    this.#stopped.abort();
    for (const admit of this.#submitters.splice(0)) admit();
    this.#aside.clear();
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  get #closed(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** How many further items fit. */
  get #freeSlots(): number {
    const { maxWaiting = 4096 } = this.options;
    return Math.max(0, maxWaiting - this.#waiting.length - this.#aside.size);
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (this.#waiting.length > 0) {
      // Items that are submitted in the same turn of the event loop belong to the batch.
      await setImmediate();
      const batch = this.#take();
      // All remaining items are behind an item that was set aside.
      if (batch.length === 0) break;
      const failure = await this.#commit([batch]);
      failures = failure === undefined ? 0 : failures + 1;
      if (failures > 0) await this.#pause(failures);
    }
    this.#running = undefined;
    this.#admitWaiting();
  }

  #take(): Waiting<T, R>[] {
    const { maxRows = 512, maxBytes = 4 * 1024 * 1024, rowsOf = () => 1, bytesOf = () => 0, keyOf } = this.options;
    const batch: Waiting<T, R>[] = [];
    const later: Waiting<T, R>[] = [];
    const keys = new Set<string>();
    if (keyOf) for (const { item } of this.#aside.items()) keys.add(keyOf(item));
    let [rows, bytes, index] = [0, 0, 0];
    for (; index < this.#waiting.length; index++) {
      const waiting = this.#waiting[index] as Waiting<T, R>;
      const key = keyOf?.(waiting.item);
      if (key !== undefined && keys.has(key)) {
        later.push(waiting);
        continue;
      }
      if (batch.length > 0 && (waiting.alone || batch[0]?.alone)) break;
      rows += rowsOf(waiting.item);
      bytes += bytesOf(waiting.item);
      if (batch.length > 0 && (rows > maxRows || bytes > maxBytes)) break;
      if (key !== undefined) keys.add(key);
      batch.push(waiting);
    }
    this.#waiting.splice(0, index, ...later);
    this.#admitWaiting();
    return batch;
  }

  #admitWaiting(): void {
    for (const admit of this.#submitters.splice(0, this.#freeSlots)) admit();
  }

  /** Commits the groups one after the other. On a transient error it puts the rest back, in order, and returns the error. */
  async #commit(groups: Waiting<T, R>[][]): Promise<unknown> {
    for (let group = groups.shift(); group; group = groups.shift()) {
      try {
        group = await this.#withoutLocked(group);
        if (group.length === 0) continue;
        const results = await this.#attempt(group);
        group.forEach((waiting, index) => waiting.resolve(results[index] as R));
      } catch (error) {
        if (this.options.isLocked?.(error)) {
          groups.unshift(...this.#locked(group));
          continue;
        }
        if (this.options.isTransient(error)) {
          this.#putBack(group, groups.flat(), error);
          return error;
        }
        const [first] = group;
        if (group.length === 1) first?.reject(error);
        else groups.unshift(...halves(group));
      }
    }
    return undefined;
  }

  async #attempt(group: readonly Waiting<T, R>[]): Promise<readonly R[]> {
    const { attempted, rowsOf = () => 1 } = this.options;
    if (attempted === undefined) return this.options.commit(group);
    const begun = performance.now();
    const rows = group.reduce((sum, { item }) => sum + rowsOf(item), 0);
    let succeeded = false;
    try {
      const results = await this.options.commit(group);
      succeeded = true;
      return results;
    } finally {
      attempted(rows, secondsSince(begun), succeeded);
    }
  }

  /** Sets locked items aside and returns the others. */
  async #withoutLocked(group: Waiting<T, R>[]): Promise<Waiting<T, R>[]> {
    const suspects = group.filter(({ suspect, alone }) => suspect && !alone);
    if (suspects.length === 0) return group;
    const locked = (await this.options.lockedOf?.(suspects.map(({ item }) => item))) ?? new Set();
    for (const waiting of suspects) {
      if (locked.has(waiting.item)) this.#setAside(waiting);
      else waiting.suspect = false;
    }
    return group.filter(({ item }) => !locked.has(item));
  }

  /** Splits a group that holds a locked item for the retry. A group of one item is retried later. */
  #locked(group: Waiting<T, R>[]): Waiting<T, R>[][] {
    const [first] = group;
    for (const waiting of group) waiting.suspect = true;
    if (group.length > 1) return halves(group);
    if (first) this.#setAside(Object.assign(first, { alone: true }));
    return [];
  }

  #setAside(waiting: Waiting<T, R>): void {
    const { retryForMs = RETRY_FOR_MS } = this.options;
    if (this.#closed || waiting.since <= performance.now() - retryForMs) waiting.reject(new TaskLockedError());
    else this.#aside.add(waiting);
  }

  #putBack(failed: Waiting<T, R>[], untried: Waiting<T, R>[], error: unknown): void {
    const { retryForMs = RETRY_FOR_MS } = this.options;
    const oldest = performance.now() - retryForMs;
    for (const waiting of failed) waiting.retried = true;
    // The items behind have waited for the same storage. An expired one is rejected now, not after all items before it were retried.
    const all = [...failed, ...untried, ...this.#waiting.splice(0)];
    for (const waiting of all) {
      const tried = this.#closed && waiting.retried;
      if (!tried && waiting.since > oldest) this.#waiting.push(waiting);
      else
        waiting.reject(
          unavailable('The storage of tasks could not be reached for too long. Try again later.', error, 5),
        );
    }
    this.#admitWaiting();
  }

  async #pause(failures: number): Promise<void> {
    const { signal } = this.#stopped;
    await sleep(backoffDelay(failures - 1, BACKOFF), undefined, { signal }).catch(() => undefined);
  }
}

const halves = <W>(group: W[]): [W[], W[]] => [group.slice(0, group.length >> 1), group.slice(group.length >> 1)];

const closing = (): Error => unavailable('The service is shutting down. Try again on another instance.');
