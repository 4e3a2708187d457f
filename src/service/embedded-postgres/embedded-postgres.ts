import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseClient } from '../../tasks/sql/postgres/database-client.js';
import { ensureCluster, SUPERUSER } from './cluster.js';
import { DatabaseRefusedError, EmbeddedPostgresError, errorCode, errorText } from './embedded-postgres.error.js';
import type { DatabaseLog, EmbeddedPostgresOptions } from './embedded-postgres.options.js';
import { OwnerLock } from './owner.lock.js';
import { createDataDir, findLocation, type PostgresLocation } from './postgres-location.js';
import { freePort, spawnPostmaster, untilReady, watchPostmaster, type Postmaster } from './postmaster.js';
import { processStart } from './process-identity.js';
import { clearRemains, runningPostmaster } from './postmaster-file.js';
import { runTool } from './run-tool.js';
import { Supervisor } from './supervisor.js';

const READY_LIMIT_MS = 120_000;
/** Time limit of each step of a probe, in ms. */
const PROBE_LIMIT_MS = 5_000;
const PORT_ATTEMPTS = 5;
const STOP_LIMIT_S = 30;
const EXIT_LIMIT_MS = 5_000;
const POLL_MS = 20;
const WRONG_PASSWORD = '28P01';

/** A Postgres server of this process, for a service without DATABASE_URL. */
export class EmbeddedPostgres {
  private stopping: Promise<void> | undefined;

  private constructor(
    /** `postgres://postgres:…@127.0.0.1:<port>/postgres`; the same while this process runs. Contains the password. */
    readonly url: string,
    /** PGDATA. */
    readonly cluster: string,
    private readonly location: PostgresLocation,
    private readonly lock: OwnerLock,
    private readonly supervisor: Supervisor,
    private readonly log: DatabaseLog,
  ) {}

  /**
   * Locks DATA_DIR, creates the cluster on the first start, and starts its server or attaches to one that a killed process left
   * running. Throws EmbeddedPostgresError if the directory is in use or no server can run here.
   */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const dataDir = createDataDir(options.dataDir);
    const lock = await OwnerLock.acquire(dataDir);
    try {
      const location = await findLocation(dataDir, options);
      const password = await ensureCluster(location, options.log);
      const first = (await attach(location, password, options)) ?? (await launch(location, password, options));
      const url = urlOf(first.port, password);
      const restart = () => start(location, password, first.port, options);
      const supervisor = new Supervisor(first, restart, options.log);
      return new EmbeddedPostgres(url, location.cluster, location, lock, supervisor, options.log);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Ends open connections, stops the server and waits until it is gone. Call it when nothing uses the database any more. */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  private async shutDown(): Promise<void> {
    await this.supervisor.stop();
    try {
      const running = runningPostmaster(this.cluster);
      if (running !== undefined) await this.stopServer(running.pid);
    } finally {
      this.lock.release();
    }
  }

  private async stopServer(pid: number): Promise<void> {
    for (const mode of ['fast', 'immediate']) {
      const args = ['stop', '-D', this.cluster, '-m', mode, '-w', '-t', String(STOP_LIMIT_S)];
      const { output } = await runTool(this.location, 'pg_ctl', args);
      // pg_ctl waits for the pid file to be removed, which happens a moment before the process ends.
      if (await hasEnded(pid, runningPostmaster(this.cluster) === undefined ? EXIT_LIMIT_MS : 0)) {
        return this.log.log('Postgres has stopped');
      }
      this.log.warn(`Postgres (pid ${pid}) did not stop (${mode}): ${output}`);
    }
  }
}

async function hasEnded(pid: number, limitMs: number): Promise<boolean> {
  const start = processStart(pid);
  for (let waited = 0; start !== undefined && processStart(pid) === start; waited += POLL_MS) {
    if (waited >= limitMs) return false;
    await sleep(POLL_MS);
  }
  return true;
}

const urlOf = (port: number, password: string): string =>
  `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;

/** The server that is already running. undefined: there is none, or it was stopping. */
async function attach(
  location: PostgresLocation,
  password: string,
  { log, readyLimitMs = READY_LIMIT_MS }: EmbeddedPostgresOptions,
): Promise<Postmaster | undefined> {
  const deadline = Date.now() + readyLimitMs;
  for (let running = runningPostmaster(location.cluster); running; running = runningPostmaster(location.cluster)) {
    if (running.port === undefined) {
      if (Date.now() > deadline) {
        throw new EmbeddedPostgresError(
          `The Postgres that runs already (pid ${running.pid}) has not reported its port for ${readyLimitMs} ms. End that process, then start again.`,
        );
      }
      await sleep(POLL_MS);
      continue;
    }
    const postmaster = watchPostmaster(running.pid, running.port);
    try {
      await untilReady(postmaster, () => probe(location, postmaster.port, password), readyLimitMs);
      log.log(`Attached to the Postgres that runs already (pid ${running.pid}, port ${running.port})`);
      return postmaster;
    } catch (error) {
      if (runningPostmaster(location.cluster) !== undefined) throw error;
    }
  }
  return undefined;
}

async function launch(
  location: PostgresLocation,
  password: string,
  options: EmbeddedPostgresOptions,
): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    try {
      const postmaster = await start(location, password, await freePort(), options);
      options.log.log(
        `Postgres runs on 127.0.0.1:${postmaster.port} (pid ${postmaster.pid}), data in ${location.cluster}`,
      );
      return postmaster;
    } catch (error) {
      const portTaken = errorText(error).includes('could not bind');
      if (!portTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function start(
  location: PostgresLocation,
  password: string,
  port: number,
  options: EmbeddedPostgresOptions,
): Promise<Postmaster> {
  await clearRemains(location.cluster);
  const postmaster = spawnPostmaster(location, port, options.settings ?? {});
  try {
    await untilReady(postmaster, () => probe(location, port, password), options.readyLimitMs ?? READY_LIMIT_MS);
  } catch (error) {
    // A slow server continues to recover, and the next start attaches to it. A server that rejects us is useless.
    if (error instanceof DatabaseRefusedError && runningPostmaster(location.cluster)?.pid === postmaster.pid) {
      process.kill(postmaster.pid, 'SIGINT');
      await postmaster.exited;
    }
    throw error;
  }
  return postmaster;
}

async function probe(location: PostgresLocation, port: number, password: string): Promise<void> {
  const client = new DatabaseClient({
    connectionString: urlOf(port, password),
    connectionTimeoutMillis: PROBE_LIMIT_MS,
    query_timeout: PROBE_LIMIT_MS,
    ssl: false,
  });
  try {
    await client.connect();
    await client.query('select 1');
  } catch (error) {
    if (errorCode(error) !== WRONG_PASSWORD) throw error;
    throw new DatabaseRefusedError(
      `The database in ${location.cluster} rejects the password in ${location.passwordFile}. Restore that file, or move the database away to start with an empty one.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
