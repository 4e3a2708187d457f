import { Inject, Injectable } from '@nestjs/common';
import { QuotaTable } from '../../common/quotas/quota.table.js';
import { resourceExhausted } from '../../protocol/errors/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { RUN_STORE, type RunStore } from '../../tasks/run-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionLimits } from '../execution.options.js';

/** A count is at most this old, in ms; what this process adds in the meantime is counted at once. */
const MAX_AGE_MS = 1_000;
/** Owners whose counts are cached. */
const MAX_OWNERS = 1_000;
/** Retry-After, in seconds. */
const RETRY_AFTER_S = 5;

interface Count {
  readonly at: number;
  readonly waiting: Promise<number>;
  /** Tasks that this process has queued since the count, less those it has started. */
  added: number;
}

/** A task about to be created that was counted. */
export interface Joined {
  /** It was there already. */
  leave(): void;
}

type Limits = Pick<ExecutionLimits, 'maxWaiting'>;

/** How many tasks may be queued: in the cluster, and for one owner over all tenants. */
@Injectable()
export class QueueLimits {
  readonly #counts = new Map<string, Count>();

  constructor(
    @Inject(RUN_STORE) private readonly runs: Pick<RunStore, 'countWaiting'>,
    @Inject(EXECUTION_OPTIONS) private readonly limits: Limits,
    private readonly quotas: QuotaTable,
  ) {}

  /** Counts one more. Throws RESOURCE_EXHAUSTED when the run queue is full. */
  async join({ owner }: TaskScope): Promise<Joined> {
    const { maxWaiting } = this.limits;
    const { waitingTasks } = this.quotas.ofOwner(owner);
    const [all, own] = [this.#count(maxWaiting), this.#count(waitingTasks, owner)];
    const [waiting, ownWaiting] = await Promise.all([all.waiting, own.waiting]);
    // No await between this check and the increment.
    if (ownWaiting + own.added >= waitingTasks) throw full(`${waitingTasks} of your tasks wait to be started already`);
    if (waiting + all.added >= maxWaiting) throw full(`${maxWaiting} tasks wait to be started already`);
    all.added++;
    own.added++;
    return {
      leave: () => {
        all.added--;
        own.added--;
      },
    };
  }

  /**
   * Whether a turn of an existing task may be queued. Its message is stored already; if the turn is not queued, the message waits in the
   * inbox. An owner that may queue no task may still queue one turn.
   */
  async admitsTurn({ owner }: TaskScope): Promise<boolean> {
    const most = Math.max(1, this.quotas.ofOwner(owner).waitingTasks);
    const own = this.#count(most, owner);
    if ((await own.waiting) + own.added >= most) return false;
    own.added++;
    return true;
  }

  /** These no longer wait, so others may be queued before the next count. */
  started(tasks: readonly TaskScope[]): void {
    for (const { owner } of tasks) {
      for (const key of [keyOf(), keyOf(owner)]) {
        const count = this.#counts.get(key);
        if (count) count.added--;
      }
    }
  }

  #count(limit: number, owner?: string): Count {
    const key = keyOf(owner);
    const now = performance.now();
    const known = this.#counts.get(key);
    if (known && now - known.at < MAX_AGE_MS) return known;
    const count = { at: now, waiting: this.runs.countWaiting(limit, owner), added: 0 };
    this.#counts.delete(key);
    this.#counts.set(key, count);
    // A failed count is repeated by the next call.
    count.waiting.catch(() => this.#counts.get(key) === count && this.#counts.delete(key));
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_OWNERS && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }
}

/** The key for all owners, or for one. */
const keyOf = (owner?: string): string => (owner === undefined ? '' : `owner ${owner}`);

/** No capacity for a run, and what it is for cannot be queued. */
export const atCapacity = () =>
  resourceExhausted('This server has no room for another run now. Try again a little later.', RETRY_AFTER_S);

const full = (text: string) => resourceExhausted(`${text}. Try again later.`, RETRY_AFTER_S);
