import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { RUN_STORE, type RunStore } from '../../tasks/run-store.interface.js';
import { compareClocks } from '../../tasks/status-clock.js';

const EVERY_MS = 60_000;

/**
 * Compares this process's clock with the storage's, at startup and every minute, so that task times from different processes can be
 * compared. Nothing but those times depends on it.
 */
@Injectable()
export class ClockSkewMonitor implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new SafeLogger(ClockSkewMonitor.name);
  readonly #loop = new BackgroundLoop({ pass: () => this.look(), pauseMs: () => EVERY_MS });
  #aheadMs = 0;

  constructor(@Inject(RUN_STORE) private readonly runs: RunStore) {}

  onModuleInit(): Promise<void> {
    return this.look();
  }

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  onModuleDestroy(): void {
    void this.#loop.stop();
  }

  /** Never rejects: callers that need the storage report that it is unavailable. */
  async look(): Promise<void> {
    const askedMs = Date.now();
    const begun = performance.now();
    const storageMs = await this.runs.clock?.().catch(() => undefined);
    if (storageMs === undefined) return;
    const aheadMs = compareClocks(storageMs, askedMs, performance.now() - begun);
    if (aheadMs === undefined || aheadMs === this.#aheadMs) return;
    this.#aheadMs = aheadMs;
    if (aheadMs === 0) return this.#log.log("The clock of this process agrees with the storage's again.");
    const seconds = `${Math.abs(aheadMs) / 1000} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
    this.#log.warn(
      `The clock of this process is ${seconds} the storage's, by which it gives the times of tasks. Set it.`,
    );
  }
}
