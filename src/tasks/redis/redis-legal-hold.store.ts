import type { LegalHold, LegalHoldStore } from '../retention/legal-hold-store.interface.js';
import type { RedisConnection } from './redis-connection.js';
import { LIFT_HOLD, LIST_HOLDS, PLACE_HOLD } from './scripts/hold.scripts.js';

/** Holds are few, and are read together. */
export class RedisLegalHoldStore implements LegalHoldStore {
  constructor(private readonly connection: RedisConnection) {}

  async place(owner: string, reason: string): Promise<void> {
    await this.connection.run(PLACE_HOLD, owner, reason);
  }

  async lift(owner: string): Promise<boolean> {
    return (await this.connection.run<number>(LIFT_HOLD, owner)) === 1;
  }

  async find(owner: string): Promise<LegalHold | undefined> {
    return (await this.#all()).find((hold) => hold.owner === owner);
  }

  async list(after?: string, limit = 1_000): Promise<readonly LegalHold[]> {
    const following = (await this.#all()).filter(({ owner }) => after === undefined || owner > after);
    return following.sort((a, b) => (a.owner < b.owner ? -1 : 1)).slice(0, limit);
  }

  async #all(): Promise<LegalHold[]> {
    const fields = await this.connection.run<string[]>(LIST_HOLDS);
    return Array.from({ length: fields.length / 2 }, (_, index) => {
      const [since = '', reason = ''] = JSON.parse(fields[2 * index + 1]!) as [string, string];
      return { owner: fields[2 * index]!, reason, since: new Date(Number(since)).toISOString() };
    });
  }
}
