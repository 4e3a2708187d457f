import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './support/free-port.js';
import type { Task } from '../src/protocol/model/index.js';
import { openRedis, type RedisServer } from './support/redis.server.js';
import { ReplayedLog } from './support/replayed-log.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { SeededRandom } from './support/seeded-random.js';
import { ServiceProcess } from './support/service.process.js';
import { StreamWitness } from './support/stream-witness.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const CLIENTS = 8;
const START_LIMIT_MS = 60_000;

describe.each(['LISTEN/NOTIFY', 'Redis'])('two processes of the service with %s', (bus) => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-replicas-'));
  const services: ServiceProcess[] = [];
  let database: TestDatabase;
  let redis: RedisServer | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
    redis = bus === 'Redis' ? await openRedis() : undefined;
    // What the bus does not tell is not found as long as the test lasts.
    const env = { DATABASE_URL: database.url, A2A_POLL_MS: '60000', ...(redis && { REDIS_URL: redis.url }) };
    for (let i = 0; i < 2; i++) services.push(await ServiceProcess.start({ port: await freePort(), dataDir, env }));
  }, START_LIMIT_MS);
  afterAll(async () => {
    const exits = await Promise.all(services.map((service) => service.kill('SIGTERM')));
    await redis?.close();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
    expect(exits).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
  }, START_LIMIT_MS);

  const lab = (service: number): RpcClient => new RpcClient(`${services[service]!.origin}/agents/lab`);
  const send = async (service: number, text: string, fields = {}, configuration = {}): Promise<Task> => {
    const params = { message: textMessage(text, fields), configuration };
    return (await lab(service).result<{ task: Task }>('SendMessage', params)).task;
  };
  const begin = (service: number, text: string): Promise<Task> => send(service, text, {}, { returnImmediately: true });

  it('show a client that goes from one to the other each event exactly once', async () => {
    const clients = Array.from({ length: CLIENTS }, async (_, index) => {
      const random = new SeededRandom(index + 1);
      const asked = { chunks: 150, bytes: 200, delayMs: 2 };
      const witness = new StreamWitness(lab(index % 2), asked);
      const cut = (): number => witness.lastSeq + random.between(1, 50);
      const first = cut();
      await witness.send(({ seq }) => seq === first);
      while (!witness.ended) await witness.goTo(lab(random.between(0, 1))).resume(cut());
      const log = await ReplayedLog.read(lab(0), witness.taskId ?? '');
      log.expectWhole(asked);
      expect(witness.lastSeq).toBe(log.lastSeq);
      witness.expectKept(log);
    });
    await Promise.all(clients);
  });

  it('cancel what the other one runs', async () => {
    const { id } = await begin(0, 'sleep 600000');
    const reader = (await lab(0).stream('SubscribeToTask', { id })).all();
    expect((await lab(1).result<Task>('CancelTask', { id })).status.state).toBe('TASK_STATE_CANCELED');
    expect((await reader).at(-1)?.data).toContain('TASK_STATE_CANCELED');
  });

  it('take answers to what the other one asked, and answer those who wait for what the other one runs', async () => {
    const asked = await send(0, 'ask');
    expect(asked.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect((await send(1, 'fine', { taskId: asked.id })).status.state).toBe('TASK_STATE_COMPLETED');
    const message = textMessage('sleep 300');
    const first = lab(0).result<{ task: Task }>('SendMessage', { message });
    const repeated = lab(1).result<{ task: Task }>('SendMessage', { message });
    const [one, two] = await Promise.all([first, repeated]);
    expect(two.task).toEqual(one.task);
    expect(one.task.status.state).toBe('TASK_STATE_COMPLETED');
  });
});
