import { setTimeout as sleep } from 'node:timers/promises';
import { exponentialDelay } from '../../common/backoff.js';
import { errorText } from './embedded-postgres.error.js';
import type { DatabaseLog } from './embedded-postgres.options.js';
import type { Postmaster } from './postmaster.js';

/** Failures in a row after which the log calls it an error; with the delays below, after about half a minute. */
const ALARMING_FAILURES = 10;
const BACKOFF = { firstMs: 100, maxMs: 5_000 };
/** A server that ran this long was well: the next failure is the first again. */
const WELL_MS = 10_000;

/**
 * Starts the server again when it dies while we run, however often: the service is of no use without it, and comes back by
 * itself when the cause (a full disk, somebody's kill) is gone.
 */
export class Supervisor {
  private failures = 0;
  private startedAt = Date.now();
  private readonly stopping = new AbortController();
  private restarting: Promise<void> = Promise.resolve();

  /** `restart` starts a server on the same port and resolves when it answers. */
  constructor(
    postmaster: Postmaster,
    private readonly restart: () => Promise<Postmaster>,
    private readonly log: DatabaseLog,
  ) {
    this.watch(postmaster);
  }

  /** From here on the server may end. Resolves when no restart is under way. */
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
          `Postgres failed ${ALARMING_FAILURES} times in a row. It is tried again every ${BACKOFF.maxMs} ms until its cause, named above, is fixed.`,
        );
      }
      await sleep(delay, undefined, { ref: false, signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopped) return;
      try {
        const postmaster = await this.restart();
        this.startedAt = Date.now();
        this.log.log(`Postgres runs again (pid ${postmaster.pid}, port ${postmaster.port})`);
        return this.watch(postmaster);
      } catch (error) {
        this.log.warn(`Postgres could not be started again: ${errorText(error)}`);
      }
    }
  }
}
