import { ADMIN_STORE, type AdminStore } from '../tasks/admin/admin-store.interface.js';
import type { AdminFigures } from '../tasks/admin/admin-rows.js';
import type { InjectionToken } from '@nestjs/common';
import { SharedRead } from '../common/shared-read.js';
import type { GaugeReaders } from './readings.js';

/** How long figures of the storage count, in ms: they cost it several queries. */
const FRESH_MS = 10_000;

type Find = <T>(token: InjectionToken<T>) => T;

/** What is owed to webhooks, in the whole storage. No values where the storage has no figures. */
export class OutboxReadings {
  readonly #figures = new SharedRead(async () => this.#store?.figures(), FRESH_MS);

  constructor(private readonly find: Find) {}

  readonly gauges: Pick<
    GaugeReaders,
    'a2a_webhook_deliveries_owed' | 'a2a_webhook_oldest_due_seconds' | 'a2a_webhook_dead_letters'
  > = {
    a2a_webhook_deliveries_owed: async () => this.#each(({ owed }) => owed),
    a2a_webhook_oldest_due_seconds: async () =>
      this.#each(({ oldestDueAt }) =>
        oldestDueAt === undefined ? 0 : Math.max(0, Date.now() - Date.parse(oldestDueAt)) / 1000,
      ),
    a2a_webhook_dead_letters: async () => this.#each(({ dead }) => dead),
  };

  async #each(value: (deliveries: AdminFigures['deliveries']) => number): Promise<[number][]> {
    const figures = await this.#figures.get();
    return figures === undefined ? [] : [[value(figures.deliveries)]];
  }

  get #store(): AdminStore | undefined {
    try {
      return this.find<AdminStore | undefined>(ADMIN_STORE);
    } catch {
      return undefined;
    }
  }
}
