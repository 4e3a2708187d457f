import { listen } from '../../common/listen.js';
import type { DeliveryAttempt } from '../admin/delivery-attempt.js';
import { firstDue } from '../due-pages.js';
import type { Outbox, OutboxEntry, TakeOptions } from '../outbox.interface.js';
import type { DeliveryRows } from './delivery-rows.interface.js';
import * as rules from './delivery-rules.js';

/** The deliveries that are owed, by the rules, on the rows of any storage. */
export class DeliveryOutbox implements Outbox {
  constructor(private readonly rows: DeliveryRows) {}

  take(
    limit: number,
    leaseMs: number,
    { maxBytes = Number.MAX_SAFE_INTEGER, choose = firstDue }: TakeOptions = {},
  ): Promise<OutboxEntry[]> {
    return this.rows.take(limit, leaseMs, { maxBytes, choose });
  }

  async complete(ids: readonly string[]): Promise<void> {
    if (this.rows.complete) await this.rows.complete(ids);
    else await this.rows.change(ids, rules.complete);
  }

  skipFollowed(id: string): Promise<void> {
    return this.rows.deleteOldest(id, rules.followedArtifacts);
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    await this.rows.change(ids, rules.release(delayMs));
  }

  async retry(entry: Pick<OutboxEntry, 'id' | 'attempts'>, delayMs: number, attempt?: DeliveryAttempt): Promise<void> {
    await this.rows.change([entry.id], rules.retry(entry.attempts, delayMs, attempt));
  }

  async deadLetter(id: string, reason: string, attempt?: DeliveryAttempt): Promise<number> {
    const [givenUp = 0] = await this.rows.change([id], rules.deadLetter(reason, attempt));
    return givenUp;
  }

  onOwed(listener: () => void): () => void {
    return listen(this.rows.owed, listener);
  }
}
