import { steadyNow } from '../../common/steady-now.js';
import type { LegalHold, LegalHoldStore } from '../retention/legal-hold-store.interface.js';
import type { MemoryTables } from './memory-tables.js';

export class MemoryLegalHoldStore implements LegalHoldStore {
  constructor(private readonly tables: MemoryTables) {}

  async place(owner: string, reason: string): Promise<void> {
    const { holds } = this.tables;
    const since = holds.get(owner)?.since ?? new Date(steadyNow()).toISOString();
    holds.set(owner, { owner, reason, since });
  }

  async lift(owner: string): Promise<boolean> {
    return this.tables.holds.delete(owner);
  }

  async find(owner: string): Promise<LegalHold | undefined> {
    return this.tables.holds.get(owner);
  }

  async list(after?: string, limit = 1_000): Promise<readonly LegalHold[]> {
    const following = [...this.tables.holds.values()].filter(({ owner }) => after === undefined || owner > after);
    return following.sort((a, b) => (a.owner < b.owner ? -1 : 1)).slice(0, limit);
  }
}
