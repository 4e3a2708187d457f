import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../free-port.js';
import { type LossyProxy, openLossyProxy } from '../lossy-proxy.js';
import { RpcClient } from '../rpc.client.js';
import { ServiceProcess } from '../service.process.js';
import { createTestDatabase, type TestDatabase } from '../test-database.js';

export type LabAgentId = 'lab' | 'lab-resumable';

export interface ReplicaFleetOptions {
  readonly replicas: number;
  /** Of each replica, by its number; on top of a short lease and frequent keep-alives. */
  readonly env?: (replica: number) => Readonly<Record<string, string>>;
  /** No process is to be lost, however little the machine lets it do: a long lease instead. */
  readonly losesNone?: boolean;
  /** Default: a database on the server of the tests. */
  readonly database?: TestDatabase;
}

/** Losses are found in seconds; long enough for a busy machine. */
const LEASE_MS = 4_000;
const ENV = {
  A2A_LEASE_MS: String(LEASE_MS),
  A2A_RECOVERY_MS: '500',
  A2A_MAX_ATTEMPTS: '10',
  A2A_KEEP_ALIVE_MS: '500',
};

/** One process of the service, with a proxy between it and the database. */
export class Replica {
  /** It stands still: nobody connects to it. */
  stopped = false;

  constructor(
    readonly number: number,
    readonly service: ServiceProcess,
    readonly proxy: LossyProxy,
  ) {}

  get usable(): boolean {
    return this.service.alive && !this.stopped;
  }

  urlOf(agent: LabAgentId): string {
    return `${this.service.origin}/agents/${agent}`;
  }

  lab(agent: LabAgentId = 'lab'): RpcClient {
    return new RpcClient(this.urlOf(agent));
  }

  /** Resolves when it says that it is ready. */
  async ready(): Promise<void> {
    const asked = (): Promise<Response> => fetch(`${this.service.origin}/health/ready`);
    while (!(await asked().catch(() => undefined))?.ok) await sleep(50);
  }

  stop(): void {
    this.stopped = true;
    process.kill(this.service.pid, 'SIGSTOP');
  }

  goOn(): void {
    this.stopped = false;
    process.kill(this.service.pid, 'SIGCONT');
  }
}

/** Real processes of the built service, with the lab, on one database: each by way of a proxy of its own. */
export class ReplicaFleet {
  readonly replicas: Replica[] = [];
  readonly #dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-fleet-'));

  private constructor(
    readonly database: TestDatabase,
    private readonly env: (replica: number) => Readonly<Record<string, string>>,
  ) {}

  static async start(options: ReplicaFleetOptions): Promise<ReplicaFleet> {
    const { replicas, losesNone = false, env = () => ({}), database = await createTestDatabase() } = options;
    const fleet = new ReplicaFleet(database, (number) => ({
      ...(losesNone && { A2A_LEASE_MS: '60000' }),
      ...env(number),
    }));
    // The first one makes the tables.
    await fleet.add();
    await Promise.all(Array.from({ length: replicas - 1 }, () => fleet.add()));
    fleet.replicas.sort((a, b) => a.number - b.number);
    return fleet;
  }

  #numbers = 0;

  /** One more. */
  async add(): Promise<Replica> {
    const number = this.#numbers++;
    const proxy = await openLossyProxy(this.database.url);
    const env = { DATABASE_URL: proxy.url, ...ENV, ...this.env(number) };
    const service = await ServiceProcess.start({ port: await freePort(), dataDir: this.#dataDir, env });
    const replica = new Replica(number, service, proxy);
    this.replicas.push(replica);
    return replica;
  }

  /** By its number. */
  at(number: number): Replica {
    const replica = this.replicas.find((each) => each.number === number);
    if (!replica) throw new Error(`There is no replica ${number}.`);
    return replica;
  }

  get usable(): Replica[] {
    return this.replicas.filter(({ usable }) => usable);
  }

  /** One of the usable, by chance. */
  any(): Replica | undefined {
    const { usable } = this;
    return usable[Math.floor(Math.random() * usable.length)];
  }

  /** Asks the database directly, around the proxies. */
  async query<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
    if (this.database.query) return (await this.database.query(sql)) as T[];
    const client = new pg.Client({ connectionString: this.database.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** Leaves nothing behind, whatever state a test ended in. */
  async remove(): Promise<void> {
    await Promise.all(this.replicas.map(({ service }) => service.kill('SIGKILL')));
    await Promise.all(this.replicas.map(({ proxy }) => proxy.close()));
    await this.database.drop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
