import { Inject, Injectable, Optional } from '@nestjs/common';
import { KnownUsage, type StoredUsage } from '../../common/quotas/known-usage.js';
import { QuotaTable } from '../../common/quotas/quota.table.js';
import type { TenantQuota } from '../../common/quotas/quotas.options.js';
import { resourceExhausted } from '../../protocol/errors/index.js';
import type { TaskScope } from '../../security/call-context.js';
import type { Joined } from './queue.limits.js';
import { TASK_STORE, type TaskStore, type UsageOf } from '../../tasks/task-store.interface.js';

/** A count is at least this old before the next one, in ms. */
const MIN_AGE_MS = 1_000;
const MAX_AGE_MS = 60_000;
/** A count may take up to this part of the time until the next one: an owner with very many tasks is counted less often. */
const COUNTING_PART = 1 / 20;
/** Owners and tenants whose counts are kept. */
const MAX_COUNTS = 10_000;
/** Retry-After, in seconds. */
const RETRY_AFTER_S = 60;

class Count implements StoredUsage {
  tasks = 0;
  bytes = 0;
  /** The time of the next count. */
  nextAt = 0;
  counting?: Promise<void>;

  add(tasks: number, bytes: number): void {
    this.tasks += tasks;
    this.bytes += bytes;
  }
}

type Limits = Pick<TenantQuota, 'storedTasks' | 'storedBytes'>;

/** A count and its limits. `who`: the subject of a refusal. `counted` is called when the count is known. */
interface LimitedCount {
  readonly count: Count;
  readonly limits: Limits;
  readonly who: string;
  readonly counted?: () => void;
}

/**
 * How many tasks, and how many bytes of them, an owner and a tenant may have stored. Nothing is counted for those without such a limit.
 * The others are counted in the storage when they create a task, at most once a second; in between, what this process creates is added.
 */
@Injectable()
export class StoredQuota {
  readonly #counts = new Map<string, Count>();

  constructor(
    @Inject(TASK_STORE) private readonly tasks: Pick<TaskStore, 'usage'>,
    private readonly quotas: QuotaTable,
    @Optional() private readonly known: KnownUsage = new KnownUsage(),
  ) {}

  /**
   * Counts a task with so many bytes that is about to be created. Rejects with RESOURCE_EXHAUSTED if it would be over a limit. Returns
   * nothing where nothing is limited.
   */
  admit({ owner, tenant }: Pick<TaskScope, 'owner' | 'tenant'>, bytes: number): Promise<Joined> | undefined {
    const ofOwner = this.quotas.ofOwner(owner);
    const ofTenant = this.quotas.ofTenant(tenant);
    const limited: LimitedCount[] = [];
    if (isLimited(ofOwner)) {
      const count = this.#count(`owner ${owner}`, { owner }, ofOwner);
      limited.push({ count, limits: ofOwner, who: 'You have', counted: () => this.known.note(owner, count) });
    }
    if (tenant !== '' && isLimited(ofTenant)) {
      const count = this.#count(`tenant ${tenant}`, { tenant }, ofTenant);
      limited.push({ count, limits: ofTenant, who: 'Your tenant has' });
    }
    return limited.length > 0 ? this.#join(limited, bytes) : undefined;
  }

  async #join(limited: readonly LimitedCount[], bytes: number): Promise<Joined> {
    if (limited.some(({ count }) => count.counting)) await Promise.all(limited.map(({ count }) => count.counting));
    for (const { counted } of limited) counted?.();
    // No await between the checks and the additions.
    for (const each of limited) check(each, bytes);
    for (const { count } of limited) count.add(1, bytes);
    return {
      leave: () => {
        for (const { count } of limited) count.add(-1, -bytes);
      },
    };
  }

  #count(key: string, of: UsageOf, { storedTasks, storedBytes }: Limits): Count {
    const count = this.#counts.get(key) ?? new Count();
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_COUNTS && oldest !== undefined) this.#counts.delete(oldest);
    const now = performance.now();
    if (count.counting || now < count.nextAt) return count;
    // With a limit of tasks alone, no more of them need be read.
    const most = storedBytes === 0 ? storedTasks : undefined;
    count.counting = this.tasks
      .usage(of, most)
      .then((usage) => {
        const tookMs = performance.now() - now;
        Object.assign(count, usage);
        count.nextAt = now + Math.min(Math.max(MIN_AGE_MS, tookMs / COUNTING_PART), MAX_AGE_MS);
      })
      .finally(() => (count.counting = undefined));
    // Calls that wait for it get its error.
    count.counting.catch(() => undefined);
    return count;
  }
}

const isLimited = ({ storedTasks, storedBytes }: Limits): boolean => storedTasks > 0 || storedBytes > 0;

function check({ count, limits: { storedTasks, storedBytes }, who }: LimitedCount, bytes: number): void {
  if (storedTasks > 0 && count.tasks >= storedTasks) throw over(`${who} ${storedTasks} tasks stored`);
  if (storedBytes > 0 && count.bytes + bytes > storedBytes)
    throw over(`${who} ${count.bytes} of ${storedBytes} bytes stored`);
}

const over = (what: string): Error =>
  resourceExhausted(
    `${what}, which is the limit. Tasks are deleted some time after they end; try again then.`,
    RETRY_AFTER_S,
  );
