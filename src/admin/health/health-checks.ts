import { Injectable } from '@nestjs/common';
import { withTimeout } from '../../execution/with-timeout.js';
import type { AdminHealth } from '../admin-api.types.js';
import { AdminParts } from '../admin-parts.js';
import { Figures } from '../overview/figures.js';

/** Time limit of a question to the storage, in ms. */
const ASK_MS = 2_000;

/** Deliveries that are overdue by this time are not being sent, in ms. */
const OVERDUE_MS = 5 * 60_000;

/** One check: whether it passed, why not, and what was measured. */
export interface HealthResult {
  readonly up: boolean;
  readonly message?: string;
  readonly details?: Readonly<Record<string, number>>;
}

export const HEALTH_CHECKS = ['storage', 'lease', 'bus', 'drain', 'runQueue', 'outbox'] as const;
export type HealthCheckName = (typeof HEALTH_CHECKS)[number];

/** What this process needs to serve agents, and what tells early that it cannot keep up. None of them rejects. */
@Injectable()
export class HealthChecks {
  constructor(
    private readonly parts: AdminParts,
    private readonly figures: Figures,
  ) {}

  all(): Promise<AdminHealth[]> {
    return Promise.all(
      HEALTH_CHECKS.map(async (name) => {
        const { up, message } = await this[name]();
        return { name, up, ...(message !== undefined && { message }) };
      }),
    );
  }

  /** The storage answers. */
  storage(): Promise<HealthResult> {
    return asked(async () => {
      await this.parts.storage.ping?.();
      return { up: true };
    });
  }

  /** This process may own runs. */
  lease(): Promise<HealthResult> {
    const { replica, drain } = this.parts;
    if (replica.held) return Promise.resolve({ up: true });
    const message = drain.draining ? 'It was given up by the drain.' : 'It could not be renewed.';
    return Promise.resolve({ up: false, message });
  }

  /** This process hears of events of other replicas at once. Without it they are found by polling. */
  bus(): Promise<HealthResult> {
    const up = this.parts.bus.connected !== false;
    const message = 'It is not connected: events of other replicas are found by polling.';
    return Promise.resolve(up ? { up } : { up, message });
  }

  /** This process accepts work. */
  drain(): Promise<HealthResult> {
    const up = !this.parts.drain.draining;
    return Promise.resolve(up ? { up } : { up, message: 'This process accepts no new work.' });
  }

  /** New tasks can be queued. */
  runQueue(): Promise<HealthResult> {
    return asked(async () => {
      const { maxWaiting: limit } = this.parts.execution;
      const waiting = await this.parts.runs.countWaiting(Math.max(1, limit));
      // A limit of 0 means that nothing may wait.
      const up = limit === 0 || waiting < limit;
      return { up, details: { waiting, limit }, ...(!up && { message: 'It is full: new tasks are refused.' }) };
    });
  }

  /** Notifications are sent when they are due. */
  outbox(): Promise<HealthResult> {
    return asked(async () => {
      const { owed, oldestDueAt, dead } = (await this.figures.get()).deliveries;
      const overdueMs = oldestDueAt === undefined ? 0 : Math.max(0, Date.now() - Date.parse(oldestDueAt));
      const up = overdueMs < OVERDUE_MS;
      const message = `A notification is overdue by ${Math.round(overdueMs / 1000)} s.`;
      return { up, details: { owed, dead, overdueMs }, ...(!up && { message }) };
    });
  }
}

async function asked(ask: () => Promise<HealthResult>): Promise<HealthResult> {
  try {
    return await withTimeout(ask(), ASK_MS);
  } catch {
    // What a driver says may name hosts and users.
    return { up: false, message: `The storage failed, or did not answer within ${ASK_MS} ms.` };
  }
}
