import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { unavailable } from '../protocol/errors/index.js';

/** An item of a batch. `retried`: a batch with it failed before, and whether that was committed is not known. */
export interface Submitted<T> {
  readonly item: T;
  readonly retried: boolean;
}

export interface GroupCommitOptions<T, R> {
  /** Commits all or nothing; one result per item, in their order. */
  commit(batch: readonly Submitted<T>[]): Promise<readonly R[]>;
  /** True: nothing is wrong with the items (connection lost, deadlock), so the same batch may succeed later. */
  isTransient(error: unknown): boolean;
  /** Items of one key never share a batch; they keep their order. Default: none has a key. */
  keyOf?(item: T): string;
  /** Rows that an item writes; default 1. */
  rowsOf?(item: T): number;
  /** Bytes that an item writes; default 0. */
  bytesOf?(item: T): number;
  /** Default 512. An item with more rows goes alone. */
  maxRows?: number;
  /** Default 4 MiB. A larger item goes alone. */
  maxBytes?: number;
  /** Items that wait for a batch, default 4096; further submitters wait for a place. */
  maxWaiting?: number;
  /** How long an item waits for a storage that fails with transient errors; then it fails with UNAVAILABLE. Default 60 s. */
  retryForMs?: number;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly since: number;
  retried: boolean;
  resolve(result: R): void;
  reject(error: unknown): void;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Natural group commit: one commit is in flight, and what arrives meanwhile is the next batch. There is no timer: a slower
 * storage makes larger batches. A batch that is refused for its data is halved until the guilty item stands alone.
 */
export class GroupCommit<T, R> {
  readonly #waiting: Waiting<T, R>[] = [];
  readonly #room: (() => void)[] = [];
  readonly #stopped = new AbortController();
  #running?: Promise<void>;

  constructor(private readonly options: GroupCommitOptions<T, R>) {}

  /** Resolves after the commit. Rejects with the item's own data error, or UNAVAILABLE. */
  async submit(item: T): Promise<R> {
    while (!this.#closed && this.#waiting.length >= this.#maxWaiting) {
      await new Promise<void>((resolve) => this.#room.push(resolve));
    }
    if (this.#closed) throw closing();
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, since: performance.now(), retried: false, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Takes nothing more, commits what waits (without retries), then resolves. */
  async close(): Promise<void> {
    this.#stopped.abort();
    for (const enter of this.#room.splice(0)) enter();
    await this.#running;
  }

  get #closed(): boolean {
    return this.#stopped.signal.aborted;
  }

  get #maxWaiting(): number {
    return this.options.maxWaiting ?? 4096;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (this.#waiting.length > 0) {
      // What is submitted in this turn of the event loop belongs to the batch.
      await setImmediate();
      const failure = await this.#commit([this.#take()]);
      failures = failure === undefined ? 0 : failures + 1;
      if (failures > 0) await this.#pause(failures);
    }
    this.#running = undefined;
  }

  #take(): Waiting<T, R>[] {
    const { maxRows = 512, maxBytes = 4 * 1024 * 1024, rowsOf = () => 1, bytesOf = () => 0, keyOf } = this.options;
    const batch: Waiting<T, R>[] = [];
    const later: Waiting<T, R>[] = [];
    const keys = new Set<string>();
    let [rows, bytes, index] = [0, 0, 0];
    for (; index < this.#waiting.length; index++) {
      const waiting = this.#waiting[index] as Waiting<T, R>;
      const key = keyOf?.(waiting.item);
      if (key !== undefined && keys.has(key)) {
        later.push(waiting);
        continue;
      }
      rows += rowsOf(waiting.item);
      bytes += bytesOf(waiting.item);
      if (batch.length > 0 && (rows > maxRows || bytes > maxBytes)) break;
      if (key !== undefined) keys.add(key);
      batch.push(waiting);
    }
    this.#waiting.splice(0, index, ...later);
    this.#letIn();
    return batch;
  }

  #letIn(): void {
    const places = Math.max(0, this.#maxWaiting - this.#waiting.length);
    for (const enter of this.#room.splice(0, places)) enter();
  }

  /** Commits groups one after the other; on a transient error puts back what is not done, in order, and returns the error. */
  async #commit(groups: Waiting<T, R>[][]): Promise<unknown> {
    for (let group = groups.shift(); group; group = groups.shift()) {
      try {
        const results = await this.options.commit(group);
        group.forEach((waiting, index) => waiting.resolve(results[index] as R));
      } catch (error) {
        if (this.options.isTransient(error)) {
          this.#putBack(group, groups.flat(), error);
          return error;
        }
        const [first] = group;
        if (group.length === 1) first?.reject(error);
        else groups.unshift(group.slice(0, group.length >> 1), group.slice(group.length >> 1));
      }
    }
    return undefined;
  }

  #putBack(failed: Waiting<T, R>[], untried: Waiting<T, R>[], error: unknown): void {
    const { retryForMs = 60_000 } = this.options;
    const oldest = performance.now() - retryForMs;
    for (const waiting of failed) waiting.retried = true;
    // Those behind have waited for the same storage: none of them is to wait until all before it have been tried again.
    const all = [...failed, ...untried, ...this.#waiting.splice(0)];
    for (const waiting of all) {
      const tried = this.#closed && waiting.retried;
      if (!tried && waiting.since > oldest) this.#waiting.push(waiting);
      else
        waiting.reject(
          unavailable('The storage of tasks could not be reached for too long. Try again later.', error, 5),
        );
    }
    this.#letIn();
  }

  async #pause(failures: number): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
    await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal: this.#stopped.signal }).catch(
      () => undefined,
    );
  }
}

const closing = (): Error => unavailable('The service is shutting down. Try again on another instance.');
