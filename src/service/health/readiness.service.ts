import { Inject, Injectable } from '@nestjs/common';
import { SafeLogger } from '../../common/safe-logger.js';
import { DrainState } from '../shutdown/drain-state.js';

/** Something that the service cannot work without. */
export interface ReadinessCheck {
  /** The name in `/health/ready`: `database`. */
  readonly name: string;
  /** Rejects while it does not work. */
  check(): Promise<unknown>;
}

/** Injection token of `readonly ReadinessCheck[]`. */
export const READINESS_CHECKS = Symbol('ReadinessChecks');

/** Time limit of a check, in ms. */
export const CHECK_LIMIT_MS = 2_000;

export type CheckResult = 'ok' | 'failing';

export interface Readiness {
  readonly status: 'ok' | 'unavailable' | 'draining';
  /** By name. The reason of a failure is only in the log, because anyone can read this response. */
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** Whether the service can serve requests. Concurrent callers share one run of the checks. */
@Injectable()
export class ReadinessService {
  private readonly logger = new SafeLogger('Readiness');
  private readonly failing = new Set<string>();
  private underWay: Promise<Readiness> | undefined;

  constructor(
    @Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[],
    private readonly drain: DrainState,
  ) {}

  read(): Promise<Readiness> {
    this.underWay ??= this.run().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async run(): Promise<Readiness> {
    const results = await Promise.all(
      this.checks.map(async (check) => [check.name, await this.resultOf(check)] as const),
    );
    const checks = Object.fromEntries(results);
    if (this.drain.draining) return { status: 'draining', checks };
    return { status: results.every(([, result]) => result === 'ok') ? 'ok' : 'unavailable', checks };
  }

  /** Logs each change once. */
  private async resultOf({ name, check }: ReadinessCheck): Promise<CheckResult> {
    try {
      await withinLimit(check());
      if (this.failing.delete(name)) this.logger.log(`${name} works again`);
      return 'ok';
    } catch (error) {
      if (!this.failing.has(name)) this.logger.error(`${name} fails: ${String(error)}`);
      this.failing.add(name);
      return 'failing';
    }
  }
}

function withinLimit(work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no response within ${CHECK_LIMIT_MS} ms`)), CHECK_LIMIT_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
