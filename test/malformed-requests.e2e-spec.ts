import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './support/free-port.js';
import { hostileJson } from '../src/testing/arbitraries/index.js';
import { faultOf } from './support/malformed/http-verdict.js';
import { HttpSender } from './support/malformed/http-sender.js';
import { malformed } from './support/malformed/malformed-http.js';
import { pick } from './support/malformed/mutations.js';
import { type HttpSeed, JSON_RPC_SEEDS, REST_SEEDS } from './support/malformed/seeds.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { SeededRandom } from './support/seeded-random.js';
import { ServiceProcess } from './support/service.process.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

/** Requests of each binding, on each adapter. */
const REQUESTS = Number(process.env.A2A_FUZZ_REQUESTS ?? 1_000);
const SEED = Number(process.env.A2A_FUZZ_SEED ?? randomInt(2 ** 31));
const CONNECTIONS = 16;
const HOSTILE_VALUES = 2_000;
/** What the heap of a process may take between two collections, whatever it is asked. */
const GROWTH_BYTES = 96 * 1024 * 1024;
const LIMIT_MS = 240_000 + REQUESTS * 20;

const hostile = fc.sample(hostileJson(), { numRuns: HOSTILE_VALUES, seed: SEED });

describe.each(['express', 'fastify'] as const)(`malformed requests on %s (A2A_FUZZ_SEED=${SEED})`, (adapter) => {
  let database: TestDatabase;
  let dataDir: string;
  let service: ServiceProcess;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = await mkdtemp(path.join(tmpdir(), 'a2a-malformed-'));
    service = await ServiceProcess.start({
      port: await freePort(),
      dataDir,
      env: { DATABASE_URL: database.url, HTTP_ADAPTER: adapter },
    });
  });

  afterAll(async () => {
    await service.kill('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
    await database.drop();
  });

  async function expectHealthy(): Promise<void> {
    expect(service.alive).toBe(true);
    const client = new RpcClient(`${service.origin}/agents/lab`);
    const answer = await client.result('SendMessage', { message: textMessage('echo still here') });
    expect(answer).toMatchObject({ task: { status: { state: 'TASK_STATE_COMPLETED' } } });
  }

  async function pelt(seeds: readonly HttpSeed[], random: SeededRandom, count: number): Promise<string[]> {
    const sender = new HttpSender(service.origin, CONNECTIONS);
    const faults: string[] = [];
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0 && faults.length < 10) {
        const request = malformed(random, pick(random, seeds), hostile);
        const said = await sender.send(request).then(
          (answer) => ({ fault: faultOf(request, answer), answer }),
          (error: unknown) => ({ fault: `no answer: ${String(error)}`, answer: undefined }),
        );
        if (said.fault !== undefined) faults.push(describeFault(request, said.fault, said.answer?.body));
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    sender.close();
    if (faults.length > 0) faults.push(`alive: ${service.alive}; log:\n${service.log}`);
    return faults;
  }

  it.each([
    ['JSON-RPC', JSON_RPC_SEEDS],
    ['HTTP+JSON', REST_SEEDS],
  ] as const)(
    '%s: errors of the protocol only, no growth, and the next one is answered',
    async (_binding, seeds) => {
      const random = new SeededRandom(SEED);
      // What is compiled and cached by the first requests is no growth.
      expect(await pelt(seeds, random, Math.ceil(REQUESTS / 4))).toEqual([]);
      const before = service.residentBytes;
      expect(await pelt(seeds, random, REQUESTS)).toEqual([]);
      expect(service.residentBytes - before).toBeLessThan(GROWTH_BYTES);
      await expectHealthy();
      expect(service.log).not.toMatch(/UnhandledPromise|uncaught|Internal error/i);
    },
    LIMIT_MS,
  );
});

function describeFault(
  request: { method: string; target: string; headers: object; body?: Buffer },
  fault: string,
  answer = '',
): string {
  const { method, target, headers, body } = request;
  return [
    `${fault}: ${method} ${target} ${JSON.stringify(headers)}`,
    `sent: ${body?.toString('latin1').slice(0, 800) ?? ''}`,
    `answer: ${answer.slice(0, 500)}`,
  ].join('\n');
}
