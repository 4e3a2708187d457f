import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { EmbeddedPostgresOptions } from '../../src/service/embedded-postgres/embedded-postgres.options.js';

const dist = process.env.A2A_TEST_DIST ?? path.join(import.meta.dirname, '..', '..', 'dist');
const MODULE = pathToFileURL(path.join(dist, 'src/service/embedded-postgres/embedded-postgres.js')).href;
const RUNNER = path.join(import.meta.dirname, 'embedded-postgres.runner.mjs');

export interface RunOptions {
  readonly options: Omit<EmbeddedPostgresOptions, 'log'>;
  /** False: dies of SIGINT as a process without handlers does. */
  readonly polite?: boolean;
  readonly uid?: number;
}

/** A child process, in a process group of its own, that runs an embedded Postgres. */
export class EmbeddedPostgresProcess {
  readonly logs: string[] = [];
  url = '';
  cluster = '';

  private constructor(
    private readonly child: ChildProcess,
    /** Whether a signal makes it stop its server. */
    readonly polite: boolean,
  ) {}

  /** Resolves when the database answers; rejects with the message of the error that the start ended in. */
  static async start({ options, polite = true, uid }: RunOptions): Promise<EmbeddedPostgresProcess> {
    const argument = JSON.stringify({ module: MODULE, options, polite });
    const child = spawn(process.execPath, [RUNNER, argument], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      ...(uid !== undefined && { uid, gid: uid }),
    });
    const started = new EmbeddedPostgresProcess(child, polite);
    await started.untilReady();
    return started;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get serverPid(): number {
    return Number(readFileSync(path.join(this.cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Signals the whole process group, as a terminal does, and waits for the end. */
  async interrupt(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.runs) return this.child.exitCode;
    const exit = once(this.child, 'exit');
    process.kill(-this.pid, signal);
    const [code] = (await exit) as [number | null];
    return code;
  }

  async query<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  private untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('exit', (code, signal) => reject(new Error(`ended with ${signal ?? code} before it was ready`)));
      createInterface({ input: this.child.stdout! }).on('line', (line) => {
        const said = JSON.parse(line) as { log?: string; error?: string; ready?: { url: string; cluster: string } };
        if (said.log !== undefined) this.logs.push(said.log);
        if (said.error !== undefined) reject(new Error(said.error));
        if (said.ready) {
          Object.assign(this, said.ready);
          resolve();
        }
      });
    });
  }
}
