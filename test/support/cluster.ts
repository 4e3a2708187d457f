import type { Provider } from '@nestjs/common';
import pg from 'pg';
import type { A2aModuleOptions } from '../../src/a2a.options.js';
import { inProcessBus } from '../../src/events/bus/in-process.bus.js';
import { redisBus } from '../../src/events/bus/redis.bus.js';
import { openRedis, type RedisServer } from './redis.server.js';
import type { RpcClient } from './rpc.client.js';
import { ADAPTERS, TestApp, type TestAppOptions } from './test-app.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { until } from '../../src/testing/contracts/until.js';

/**
 * How replicas of a test hear of each other. With a bus nothing is found by polling as long as a test lasts; without one, all
 * of it is.
 */
export type BusName = 'LISTEN/NOTIFY' | 'Redis' | 'no bus';

export const BUSES: readonly BusName[] = ['LISTEN/NOTIFY', 'Redis', 'no bus'];

const NEVER_MS = 60_000;
const SOON_MS = 50;

export interface ClusterOptions extends Omit<TestAppOptions, 'storage' | 'bus' | 'agents'> {
  size?: number;
  bus?: BusName;
  /** The agents of each replica, by its number. */
  agents(replica: number): Provider[];
}

/** Applications in this process that share a database and nothing else. */
export class Cluster {
  private constructor(
    readonly apps: readonly TestApp[],
    private readonly database: TestDatabase,
    private readonly redis?: RedisServer,
  ) {}

  static async start({ size = 2, bus = 'LISTEN/NOTIFY', agents, ...options }: ClusterOptions): Promise<Cluster> {
    const database = await createTestDatabase();
    const redis = bus === 'Redis' ? await openRedis() : undefined;
    const apps: TestApp[] = [];
    for (let replica = 0; replica < size; replica++) {
      const adapter = ADAPTERS[replica % ADAPTERS.length];
      const mine = { agents: agents(replica), adapter, ...busOf(bus, redis), databaseUrl: database.url };
      apps.push(await TestApp.start({ ...options, ...mine }));
    }
    return new Cluster(apps, database, redis);
  }

  rpc(replica: number, agent?: string, headers?: Record<string, string>): RpcClient {
    const app = this.apps[replica];
    if (!app) throw new Error(`There is no replica ${replica}.`);
    return app.rpc(agent, headers);
  }

  /** Until this many messages wait for their turns, of all tasks. */
  async queued(count: number): Promise<void> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      await until(async () => (await client.query('select from a2a_inbox')).rowCount === count);
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.redis?.close();
    await this.database.drop();
  }
}

function busOf(name: BusName, redis?: RedisServer): Pick<A2aModuleOptions, 'bus' | 'pollMs'> {
  if (name === 'Redis') return { bus: redisBus({ url: redis?.url ?? '' }), pollMs: NEVER_MS };
  if (name === 'LISTEN/NOTIFY') return { pollMs: NEVER_MS };
  return { bus: inProcessBus(), pollMs: SOON_MS };
}
