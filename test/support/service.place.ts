import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { runningPostmaster } from '../../src/service/embedded-postgres/postmaster-file.js';
import { processesIn } from '../../src/service/embedded-postgres/process-identity.js';
import { ServiceProcess } from './service.process.js';

const GONE_LIMIT_MS = 15_000;

/** What outlives a process of the service: its DATA_DIR and its port. One process at a time runs here. */
export class ServicePlace {
  #service?: ServiceProcess;

  private constructor(
    readonly port: number,
    readonly dataDir: string,
    private readonly env?: Readonly<Record<string, string>>,
  ) {}

  static async create(env?: Readonly<Record<string, string>>): Promise<ServicePlace> {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-faults-'));
    // As root the database runs as another user, who must be able to pass.
    chmodSync(dataDir, 0o711);
    return new ServicePlace(await freePort(), dataDir, env);
  }

  get service(): ServiceProcess {
    if (!this.#service) throw new Error('start() first');
    return this.#service;
  }

  async start(): Promise<ServiceProcess> {
    if (this.#service?.alive) throw new Error('A service runs here already.');
    const { port, dataDir, env } = this;
    return (this.#service = await ServiceProcess.start({ port, dataDir, env }));
  }

  /** Undefined: no database runs here. */
  get databaseUrl(): string | undefined {
    const port = runningPostmaster(this.#cluster)?.port;
    if (port === undefined) return undefined;
    const password = readFileSync(path.join(this.dataDir, 'postgres-password'), 'utf8').trim();
    return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  }

  get #cluster(): string {
    return path.join(this.dataDir, 'postgres');
  }

  /** The pid of the database's first process; undefined: no database runs here. */
  get postmaster(): number | undefined {
    return runningPostmaster(this.#cluster)?.pid;
  }

  /** Pids of all processes of the database, also of those that are left when the first was killed. */
  get databaseProcesses(): number[] {
    return processesIn(this.#cluster) ?? [];
  }

  /** Kills the database's first process; the others notice and end by themselves. */
  killPostmaster(): void {
    const pid = this.postmaster;
    if (pid === undefined) throw new Error('No database runs here.');
    process.kill(pid, 'SIGKILL');
  }

  /** Leaves nothing behind, whatever state a test ended in. */
  async remove(): Promise<void> {
    await this.#service?.kill('SIGKILL');
    if (this.postmaster !== undefined) this.killPostmaster();
    for (let waited = 0; this.databaseProcesses.length > 0 && waited < GONE_LIMIT_MS; waited += 50) await sleep(50);
    for (const pid of this.databaseProcesses) process.kill(pid, 'SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
