import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Task } from '../src/protocol/model/index.js';
import { startLab } from './support/lab.program.js';
import type { Program } from './support/program.js';
import { RpcClient, textMessage, V10 } from './support/rpc.client.js';

const counter = pathToFileURL(path.join(import.meta.dirname, 'support', 'count-promises.mjs')).href;
const CALLS = 100;
/** The count is written more often than that. */
const SETTLE_MS = 300;

/**
 * On Node 20, AsyncLocalStorage is told of each promise, and each `await` makes one. These limits are what a call takes now, and a few: a call
 * that takes more has got a step that need not wait.
 */
describe('the promises that a call makes', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-promises-'));
  const count = path.join(directory, 'count');
  let service: Program;
  let lab: RpcClient;
  beforeAll(async () => {
    service = await startLab(['--import', counter], { A2A_TEST_PROMISES: count });
    lab = new RpcClient(new URL('/agents/lab', service.url).href, V10);
  });
  afterAll(async () => {
    await service.stop('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  const send = (text: string): Promise<{ task: Task }> => lab.result('SendMessage', { message: textMessage(text) });
  const stream = async (chunks: number): Promise<unknown> =>
    (await lab.stream('SendStreamingMessage', { message: textMessage(`stream ${chunks} 20`) })).all();

  /** Of one of `times` calls. What the server does by itself is in it too. */
  async function made(times: number, call: () => Promise<unknown>): Promise<number> {
    await call();
    await sleep(SETTLE_MS);
    const before = Number(readFileSync(count, 'utf8'));
    for (let n = 0; n < times; n++) await call();
    await sleep(SETTLE_MS);
    return (Number(readFileSync(count, 'utf8')) - before) / times;
  }

  it('are at most 80 for SendMessage', async () => {
    const promises = await made(CALLS, () => send('echo hello'));
    expect(promises).toBeGreaterThan(20);
    expect(promises).toBeLessThan(80);
  });

  it('are at most 42 for GetTask', async () => {
    const { task } = await send('echo hello');
    const promises = await made(CALLS, () => lab.result('GetTask', { id: task.id }));
    expect(promises).toBeLessThan(42);
  });

  it('are at most 5 for a chunk of a stream', async () => {
    const [short, long] = [await made(5, () => stream(10)), await made(5, () => stream(510))];
    const perChunk = (long - short) / 500;
    expect(perChunk).toBeGreaterThan(1);
    expect(perChunk).toBeLessThan(5);
  });
});
