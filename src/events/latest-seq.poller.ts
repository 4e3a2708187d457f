import { BackgroundLoop } from '../common/background-loop.js';
import { FailureLog } from '../common/failure-log.js';
import { SafeLogger } from '../common/safe-logger.js';
import type { TaskScope } from '../security/call-context.js';
import type { TaskStore } from '../tasks/task-store.interface.js';
import type { TaskWake } from './event-bus.interface.js';

/** A reader that is notified of its task's newest seq. */
export interface TaskWatcher {
  readonly taskId: string;
  readonly scope: TaskScope;
  /** It was shown the task, so the store may be asked on its behalf. */
  readonly following: boolean;
  /** The newest seq that it knows. */
  readonly knownSeq: number;
  /** `seq` is committed; undefined: the task was not found. Must not throw. */
  look(seq: number | undefined): void;
}

/** Tasks per query. */
export const POLL_PAGE = 1_000;
/** The pause between two rounds is this many times the duration of the last one, if that is longer than `pollMs` … */
const PAUSE_FACTOR = 9;
/** … but at most this many times `pollMs`. */
const LONGEST_PAUSE = 10;

type WatchedTask = { taskId: string } & TaskScope;

/**
 * The fallback below the bus: while there are watchers, one timer asks the store for the newest seq of all watched tasks and wakes the
 * watchers that are behind. One query covers a thousand tasks; further queries follow one after the other. Slow rounds come less often, so
 * that polling uses little more than a tenth of one connection's time. A failed round is retried at the next one.
 */
export class LatestSeqPoller {
  readonly #watchers = new Map<string, Set<TaskWatcher>>();
  readonly #loop = new BackgroundLoop({
    pass: () => this.#poll(),
    pauseMs: () => this.#pauseMs,
    failures: new FailureLog(new SafeLogger(LatestSeqPoller.name), {
      failed: 'Cannot poll for new events',
      recovered: 'New events can be polled again.',
    }),
  });
  #lastTookMs = 0;

  constructor(
    private readonly store: Pick<TaskStore, 'lastSeqs'>,
    private readonly pollMs: number,
  ) {}

  /** Number of watched tasks. */
  get watched(): number {
    return this.#watchers.size;
  }

  /** Returns the function that stops watching. */
  watch(watcher: TaskWatcher): () => void {
    const watchers = this.#watchers.get(watcher.taskId);
    if (watchers) watchers.add(watcher);
    else this.#watchers.set(watcher.taskId, new Set([watcher]));
    this.#loop.start();
    return () => this.#unwatch(watcher);
  }

  /** Passes on what the bus reports. */
  heard(heads: readonly TaskWake[]): void {
    for (const { taskId, seq } of heads) {
      for (const watcher of this.#watchers.get(taskId) ?? []) if (watcher.knownSeq < seq) watcher.look(seq);
    }
  }

  /** Asks for all watched tasks now. A round in progress may have asked too early, so another one follows it. */
  pollNow(): void {
    if (this.#watchers.size > 0) this.#loop.wake();
  }

  #unwatch(watcher: TaskWatcher): void {
    const watchers = this.#watchers.get(watcher.taskId);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(watcher.taskId);
    if (this.#watchers.size === 0) void this.#loop.stop();
  }

  get #pauseMs(): number {
    return Math.max(this.pollMs, Math.min(this.#lastTookMs * PAUSE_FACTOR, this.pollMs * LONGEST_PAUSE));
  }

  async #poll(): Promise<void> {
    const asked = [...this.#watchers.values()].flatMap(scopeOf);
    const begun = performance.now();
    for (let from = 0; from < asked.length; from += POLL_PAGE) await this.#ask(asked.slice(from, from + POLL_PAGE));
    this.#lastTookMs = performance.now() - begun;
  }

  async #ask(tasks: readonly WatchedTask[]): Promise<void> {
    const seqs = await this.store.lastSeqs(tasks);
    for (const { taskId } of tasks) this.#tell(taskId, seqs.get(taskId));
  }

  #tell(taskId: string, seq: number | undefined): void {
    for (const watcher of this.#watchers.get(taskId) ?? []) {
      if (seq === undefined || watcher.knownSeq < seq) watcher.look(seq);
    }
  }
}

/** Watchers of one task have the same scope: one of them represents all. */
function scopeOf(watchers: ReadonlySet<TaskWatcher>): WatchedTask[] {
  for (const { following, taskId, scope } of watchers) {
    if (following) return [{ taskId, owner: scope.owner, tenant: scope.tenant, agent: scope.agent }];
  }
  return [];
}
