import { Injectable } from '@nestjs/common';
import { type HealthCheckName, HealthChecks } from './health-checks.js';

/** The result of an indicator in the form of `@nestjs/terminus`, under its key. */
export type A2aHealthIndicatorResult = Record<string, { status: 'up' | 'down' } & Record<string, unknown>>;

/**
 * Health indicators of A2A for `HealthCheckService.check` of `@nestjs/terminus` 11 or 12, which this package does not load. Import
 * `A2aHealthModule` or `A2aAdminModule`, and inject it. No indicator rejects, and none takes longer than two seconds. The key is the name in
 * the result; its default is the name of the method.
 *
 * @example
 * this.health.check([() => this.a2a.storage(), () => this.a2a.lease()]);
 */
@Injectable()
export class A2aHealthIndicators {
  constructor(private readonly checks: HealthChecks) {}

  /** The storage answers. */
  storage(key = 'storage'): Promise<A2aHealthIndicatorResult> {
    return this.#indicate(key, 'storage');
  }

  /** This process may own runs. */
  lease(key = 'lease'): Promise<A2aHealthIndicatorResult> {
    return this.#indicate(key, 'lease');
  }

  /** Events of other replicas are heard at once. When it is down they are found by polling: do not restart the process. */
  bus(key = 'bus'): Promise<A2aHealthIndicatorResult> {
    return this.#indicate(key, 'bus');
  }

  /** This process accepts work. */
  drain(key = 'drain'): Promise<A2aHealthIndicatorResult> {
    return this.#indicate(key, 'drain');
  }

  /** New tasks can be queued. Its details are `waiting` and `limit`. */
  runQueue(key = 'runQueue'): Promise<A2aHealthIndicatorResult> {
    return this.#indicate(key, 'runQueue');
  }

  /** Notifications are sent when they are due, or at most five minutes later. Its details are `owed`, `dead` and `overdueMs`. */
  outbox(key = 'outbox'): Promise<A2aHealthIndicatorResult> {
    return this.#indicate(key, 'outbox');
  }

  async #indicate(key: string, check: HealthCheckName): Promise<A2aHealthIndicatorResult> {
    const { up, message, details } = await this.checks[check]();
    return { [key]: { status: up ? 'up' : 'down', ...(message !== undefined && { message }), ...details } };
  }
}
