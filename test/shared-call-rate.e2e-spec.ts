import { afterEach, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { freePort } from './support/free-port.js';
import { GrpcClient, SERVICES } from './support/grpc.client.js';
import { hasRedisServer, RedisProcess, withoutRedisServer } from './support/redis.process.js';
import { V10 } from './support/rpc.client.js';
import { ServiceFleet } from './support/service.fleet.js';

const PER_MINUTE = 60;
const LIMIT_MS = 120_000;

interface Replica {
  readonly origin: string;
  readonly client: GrpcClient;
}

type Call = (replica: Replica) => Promise<boolean>;

/** Whether a call was served, over one binding. */
const CALLS: readonly Call[] = [
  async ({ origin }) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} });
    const headers = { 'content-type': 'application/json', ...V10 };
    return served(await fetch(`${origin}/agents/lab`, { method: 'POST', headers, body }));
  },
  async ({ origin }) => served(await fetch(`${origin}/agents/lab/tasks`, { headers: V10 })),
  async ({ client }) => {
    const request = { tenant: '', contextId: '', status: 0, pageToken: '' };
    const answer = await client.unary(SERVICES['1.0']['listTasks'], request, {
      'a2a-version': '1.0',
      'x-a2a-agent': 'lab',
    });
    expect([undefined, grpc.status.RESOURCE_EXHAUSTED]).toContain(answer.error?.code);
    return answer.error === undefined;
  },
];

async function served(response: Response): Promise<boolean> {
  await response.text();
  expect([200, 429]).toContain(response.status);
  if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(response.headers.get('ratelimit-policy')).toBe(`"calls";q=${PER_MINUTE};w=60`);
  return response.status === 200;
}

describe('calls that are counted in the storage', () => {
  let fleet: ServiceFleet | undefined;
  let redis: RedisProcess | undefined;
  const clients: GrpcClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await fleet?.remove();
    await redis?.remove();
    redis = undefined;
  }, LIMIT_MS);

  async function start(env: Readonly<Record<string, string>>): Promise<Replica> {
    const port = await freePort();
    const service = await fleet!.start({ GRPC_PORT: String(port), ...env });
    const client = new GrpcClient(`127.0.0.1:${port}`);
    clients.push(client);
    return { origin: service.origin, client };
  }

  async function expectOneBudget(env: Readonly<Record<string, string>>): Promise<void> {
    fleet = await ServiceFleet.create({
      A2A_MAX_CALLS_PER_MINUTE: String(PER_MINUTE),
      A2A_CALLS_COUNTED_IN: 'storage',
    });
    const replicas = [await start(env), await start(env)];
    const begun = performance.now();
    let count = 0;
    for (let n = 0; n < PER_MINUTE * 2; n++) {
      const call = CALLS[n % CALLS.length]!;
      if (await call(replicas[n % 2]!)) count++;
    }
    // What came back meanwhile, and is served too.
    const back = Math.ceil(((performance.now() - begun) / 60_000) * PER_MINUTE) + 1;
    expect(count).toBeGreaterThanOrEqual(PER_MINUTE);
    expect(count).toBeLessThanOrEqual(PER_MINUTE + back);
  }

  it(
    'are one budget of two processes over JSON-RPC, HTTP+JSON and gRPC, on Postgres',
    () => expectOneBudget({}),
    LIMIT_MS,
  );

  it(
    'and on Redis',
    async () => {
      if (!hasRedisServer()) return withoutRedisServer('calls that are counted in Redis');
      redis = await RedisProcess.start();
      await expectOneBudget({ STORE: 'redis', REDIS_URL: redis.url, DATABASE_URL: '' });
    },
    LIMIT_MS,
  );
});
