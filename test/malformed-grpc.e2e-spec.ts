import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import fc from 'fast-check';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './support/free-port.js';
import { hostileJson } from '../src/testing/arbitraries/index.js';
import { type GrpcCallBytes, malformedCall } from './support/malformed/malformed-grpc.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { SeededRandom } from './support/seeded-random.js';
import { ServiceProcess } from './support/service.process.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const REQUESTS = Number(process.env.A2A_FUZZ_REQUESTS ?? 1_000);
const SEED = Number(process.env.A2A_FUZZ_SEED ?? randomInt(2 ** 31));
const CALLERS = 16;
const HOSTILE_VALUES = 2_000;
/** What the heap of a process may take between two collections, whatever it is asked. */
const GROWTH_BYTES = 96 * 1024 * 1024;
const LIMIT_MS = 240_000 + REQUESTS * 20;
/** A stream that goes on is left after so long. */
const STREAM_LIMIT_MS = 2_000;

const asIs = (bytes: Buffer): Buffer => bytes;
const STACK = /\n\s+at |node:internal|node_modules|\.[cm]?[jt]s:\d+:\d+/;
const hostile = fc.sample(hostileJson(), { numRuns: HOSTILE_VALUES, seed: SEED });

/** What is wrong with the end of a call; undefined: nothing. */
function faultOf({ code, details }: grpc.StatusObject): string | undefined {
  if (code === grpc.status.INTERNAL || code === grpc.status.UNKNOWN) return `status ${grpc.status[code]}: ${details}`;
  if (code === grpc.status.UNAVAILABLE || code === grpc.status.DATA_LOSS)
    return `status ${grpc.status[code]}: ${details}`;
  return STACK.test(details) ? `a stack trace: ${details}` : undefined;
}

describe(`malformed calls over gRPC (A2A_FUZZ_SEED=${SEED})`, () => {
  let database: TestDatabase;
  let dataDir: string;
  let service: ServiceProcess;
  let client: grpc.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = await mkdtemp(path.join(tmpdir(), 'a2a-malformed-grpc-'));
    const port = await freePort();
    service = await ServiceProcess.start({
      port: await freePort(),
      dataDir,
      env: { DATABASE_URL: database.url, GRPC_PORT: String(port) },
    });
    client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), { 'grpc.enable_retries': 0 });
  });

  afterAll(async () => {
    client?.close();
    await service?.kill('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
    await database.drop();
  });

  /** Streams are read as well: to gRPC a call with one answer is a stream of one. */
  function send({ path: at, metadata, body }: GrpcCallBytes): Promise<grpc.StatusObject> {
    const given = new grpc.Metadata();
    for (const [name, value] of Object.entries(metadata)) given.set(name, value);
    return new Promise((resolve) => {
      const call = client.makeServerStreamRequest(at, asIs, asIs, body, given);
      const limit = setTimeout(() => call.cancel(), STREAM_LIMIT_MS);
      call.on('data', () => undefined).on('error', () => undefined);
      call.on('status', (status: grpc.StatusObject) => {
        clearTimeout(limit);
        resolve(status);
      });
    });
  }

  async function pelt(random: SeededRandom, count: number): Promise<string[]> {
    const faults: string[] = [];
    let left = count;
    const caller = async (): Promise<void> => {
      while (left-- > 0 && faults.length < 10) {
        const call = malformedCall(random, hostile);
        const fault = faultOf(await send(call));
        if (fault !== undefined)
          faults.push(
            `${fault}\n${call.path} ${JSON.stringify(call.metadata)}\n${call.body.toString('hex').slice(0, 400)}`,
          );
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    if (faults.length > 0) faults.push(`alive: ${service.alive}; log:\n${service.log}`);
    return faults;
  }

  it(
    'errors of the protocol only, no growth, and the next one is answered',
    async () => {
      const random = new SeededRandom(SEED);
      // What is compiled and cached by the first calls is no growth.
      expect(await pelt(random, Math.ceil(REQUESTS / 4))).toEqual([]);
      const before = service.residentBytes;
      expect(await pelt(random, REQUESTS)).toEqual([]);
      expect(service.residentBytes - before).toBeLessThan(GROWTH_BYTES);
      expect(service.alive).toBe(true);
      const lab = new RpcClient(`${service.origin}/agents/lab`);
      expect(await lab.result('SendMessage', { message: textMessage('echo still here') })).toMatchObject({
        task: { status: { state: 'TASK_STATE_COMPLETED' } },
      });
      expect(service.log).not.toMatch(/UnhandledPromise|uncaught|Internal error/i);
    },
    LIMIT_MS,
  );
});
