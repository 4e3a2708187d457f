import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../src/protocol/model/index.js';
import { startLab } from './support/lab.program.js';
import type { Program } from './support/program.js';
import { RpcClient, textMessage, V10 } from './support/rpc.client.js';

const WARM_UP = 50;
const CALLS = 50;
/** V8 writes its log in pieces. */
const SETTLE_MS = 500;
/** What Node makes for each AbortSignal and each connection. */
const OF_NODE = /^symbol\("k|^(emitClose|autoDestroy|decodeStrings)$/;

/**
 * V8 keeps hidden classes for objects that are made alike, and code that meets always the same ones is fast. A class that belongs to one object
 * costs a µs, and makes all that uses the object slow. Its log names each new class, with the member that asked for it.
 */
describe('a warm server', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-hidden-classes-'));
  const log = path.join(directory, 'v8.log');
  let service: Program;
  let lab: RpcClient;
  beforeAll(async () => {
    const flags = ['--log-maps', `--logfile=${log}`, '--no-logfile-per-isolate', '--no-opt'];
    service = await startLab(flags);
    lab = new RpcClient(new URL('/agents/lab', service.url).href, V10);
  }, 120_000);
  afterAll(async () => {
    await service.stop('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  const send = (text: string, more: object = {}): Promise<{ task: Task }> =>
    lab.result('SendMessage', { message: { ...textMessage(text), ...more } });

  /** The members for which our code had classes made that one object has. */
  async function made(call: () => Promise<unknown>): Promise<string[]> {
    for (let n = 0; n < WARM_UP; n++) await call();
    await sleep(SETTLE_MS);
    const before = statSync(log).size;
    for (let n = 0; n < CALLS; n++) await call();
    await sleep(SETTLE_MS);
    const lines = readFileSync(log).subarray(before).toString('latin1').split('\n');
    const members = lines.map((line) => /^map,Transition,.*,prototype,(.*)/.exec(line)?.[1]);
    return members.filter((member) => member !== undefined && !OF_NODE.test(member)) as string[];
  }

  it.each([
    ['SendMessage', () => send('echo hello')],
    ['GetTask', async () => lab.result('GetTask', { id: (await send('echo hello')).task.id })],
    [
      'a stream of ten chunks',
      async () => (await lab.stream('SendStreamingMessage', { message: textMessage('stream 10 20') })).all(),
    ],
    ['a question and its answer', async () => send('yes', { taskId: (await send('ask')).task.id })],
  ])(
    'makes no hidden class for the objects of one call alone: %s',
    async (_name, call) => {
      expect((await made(call)).length).toBeLessThan(CALLS);
    },
    120_000,
  );
});
