import type { QuotaTable } from '../common/quotas/quota.table.js';
import { resourceExhausted } from '../protocol/errors/index.js';
import type { CallContext } from '../security/call-context.js';
import type { PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';

/** Time for which a count is used, together with what was admitted since, in ms. */
const COUNT_MS = 1_000;
const MAX_OWNERS = 10_000;

interface Count {
  readonly at: number;
  configs: number;
}

/** Limits the configs of all tasks of an owner, over all tenants. They are counted again at most once per second. */
export class PushConfigQuota {
  readonly #counts = new Map<string, Count>();

  constructor(
    private readonly store: Pick<PushNotificationConfigStore, 'countOf' | 'get'>,
    private readonly quotas: Pick<QuotaTable, 'ofOwner'>,
  ) {}

  /** @throws A2AError RESOURCE_EXHAUSTED, unless the config replaces an existing one. */
  async reserve(caller: CallContext, taskId: string, configId: string): Promise<void> {
    const { webhooks: limit } = this.quotas.ofOwner(caller.owner);
    const count = await this.#count(caller.owner, limit);
    if (count.configs >= limit && !(await this.store.get(caller, taskId, configId))) {
      throw resourceExhausted(
        `Your tasks that have not ended have ${limit} push notification configs, which is the limit. ` +
          'Delete some, or wait until tasks end.',
        5,
      );
    }
    count.configs++;
  }

  async #count(owner: string, limit: number): Promise<Count> {
    const now = performance.now();
    const known = this.#counts.get(owner);
    if (known && now - known.at < COUNT_MS) return known;
    const count = { at: now, configs: await this.store.countOf(owner, limit) };
    this.#counts.delete(owner);
    this.#counts.set(owner, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_OWNERS && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }
}
