import { setTimeout as sleep } from 'node:timers/promises';
import { exponentialDelay } from '../../common/backoff.js';
import { errorText } from './embedded-postgres.error.js';
import type { DatabaseLog } from './embedded-postgres.options.js';
import type { Postmaster } from './postmaster.js';

/** Consecutive failures after which the log level is error; with the delays below, after about half a minute. */
const ALARMING_FAILURES = 10;
const BACKOFF = { firstMs: 100, maxMs: 5_000 };
/** A server that ran this long was healthy: the next failure counts as the first. */
const WELL_MS = 10_000;

/**
 * Restarts the server whenever it ends while we run. The service is useless without it, and recovers when the cause (a full disk,
 * a kill) is gone.
 */
export class Supervisor {
  private failures = 0;
  private startedAt = Date.now();
  private readonly stopping = new AbortController();
  private restarting: Promise<void> = Promise.resolve();

  /** `restart` starts a server on the same port and resolves when it responds. */
  constructor(
    postmaster: Postmaster,
    private readonly restart: () => Promise<Postmaster>,
    private readonly log: DatabaseLog,
  ) {
    this.watch(postmaster);
  }

  /** From now on the server may end. Resolves when no restart is in progress. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.restarting;
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private watch(postmaster: Postmaster): void {
    void postmaster.exited.then((reason) => {
      if (this.stopped) return;
      this.log.warn(`Postgres (pid ${postmaster.pid}) has ended: ${reason}`);
      if (Date.now() - this.startedAt > WELL_MS) this.failures = 0;
      this.restarting = this.recover();
    });
  }

  private async recover(): Promise<void> {
    while (!this.stopped) {
      const delay = exponentialDelay(this.failures++, BACKOFF);
      if (this.failures === ALARMING_FAILURES) {
        this.log.error(
          `Postgres failed ${ALARMING_FAILURES} times in a row. It will be restarted every ${BACKOFF.maxMs} ms until the cause, logged above, is fixed.`,
        );
      }
      await sleep(delay, undefined, { ref: false, signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopped) return;
      try {
        const postmaster = await this.restart();
        this.startedAt = Date.now();
        this.log.log(`Postgres is running again (pid ${postmaster.pid}, port ${postmaster.port})`);
        return this.watch(postmaster);
      } catch (error) {
        this.log.warn(`Postgres could not be restarted: ${errorText(error)}`);
      }
    }
  }
}
