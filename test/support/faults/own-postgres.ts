import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgres } from '../../../src/service/embedded-postgres/embedded-postgres.js';
import { runningPostmaster } from '../../../src/service/embedded-postgres/postmaster-file.js';
import type { TestDatabase } from '../test-database.js';

/** As of `pg_ctl`: with `immediate` the server does not write what it has in memory, and recovers at its start. */
export type RestartMode = 'fast' | 'immediate';

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
const quiet = (): void => undefined;

export interface OwnPostgresOptions {
  /** Where its directory is made. Default: that for temporary files. */
  readonly root?: string;
  /** Of the server, on top of 200 connections. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Postgres that nobody else uses, so that a test may restart it. */
export class OwnPostgres implements TestDatabase {
  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly dataDir: string,
  ) {}

  static async start({ root = os.tmpdir(), settings: given }: OwnPostgresOptions = {}): Promise<OwnPostgres> {
    const dataDir = mkdtempSync(path.join(root, 'a2a-faults-'));
    // As root the server runs as another user, who must be able to pass.
    chmodSync(dataDir, 0o711);
    const log = { log: quiet, warn: quiet, error: console.error };
    const settings = { max_connections: '200', ...given };
    return new OwnPostgres(await EmbeddedPostgres.start({ dataDir, log, settings }), dataDir);
  }

  get url(): string {
    return this.server.url;
  }

  /** Resolves when it answers again, with the ms that took. It comes back on the same port. */
  async restart(mode: RestartMode): Promise<number> {
    const begun = performance.now();
    const pid = runningPostmaster(this.server.cluster)?.pid;
    if (pid === undefined) throw new Error('No database runs.');
    process.kill(pid, SIGNALS[mode]);
    for (;;) {
      const now = runningPostmaster(this.server.cluster)?.pid;
      if (now !== undefined && now !== pid && (await this.#answers())) return performance.now() - begun;
      await sleep(20);
    }
  }

  async drop(): Promise<void> {
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', quiet);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(quiet);
    }
  }
}
