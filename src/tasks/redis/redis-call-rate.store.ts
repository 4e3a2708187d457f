import type { CallRateStore, StoredBudget } from '../../common/call-rates/call-rate-store.interface.js';
import { lookupKey } from '../../common/lookup-key.js';
import type { RedisConnection } from './redis-connection.js';
import { READ_BUDGET, SWAP_BUDGET } from './scripts/call-rate.scripts.js';

export class RedisCallRateStore implements CallRateStore {
  constructor(private readonly connection: RedisConnection) {}

  async read(caller: string): Promise<StoredBudget> {
    const [fullAt, now] = await this.connection.run<[string, string]>(READ_BUDGET, lookupKey(caller));
    return { fullAt: fullAt === '' ? undefined : Number(fullAt), now: Number(now) };
  }

  async swap(caller: string, before: number | undefined, after: number): Promise<boolean> {
    const values = [lookupKey(caller), before ?? '', after];
    return (await this.connection.run<number>(SWAP_BUDGET, ...values)) === 1;
  }

  /** Redis does it. */
  async prune(): Promise<number> {
    return 0;
  }
}
