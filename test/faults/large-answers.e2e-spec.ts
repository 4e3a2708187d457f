import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListTasksResponse, Task } from '../../src/protocol/model/index.js';
import { figures, sized } from '../support/faults/figures.js';
import { growthLimit } from '../support/faults/growth-limit.js';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { ServicePlace } from '../support/service.place.js';

const MB = 1_000_000;
const TASK_MB = sized(20, 60);
const HEAP_MB = sized(192, 512);
/** A larger task is read alone. */
const CONTENT_MB = sized(20, 64);
/** All of them hold one buffer of one task. With one for each they would be far above it. */
const GROWTH_LIMIT = growthLimit({
  heapBytes: HEAP_MB * MB,
  heldBytes: TASK_MB * MB,
  contentBytes: CONTENT_MB * MB,
});
const CALLS = 60;
const SUBSCRIBERS = 30;
const UPLOADS = sized(12, 50);
const UPLOAD_MB = 7;
const LIMIT_MS = 600_000;
const V1 = { 'A2A-Version': '1.0' };

describe(`answers with tasks of ${TASK_MB} MB from a service with a heap of ${HEAP_MB} MB`, () => {
  let place: ServicePlace;
  let client: RpcClient;
  let large: string;
  /** Resident bytes of the service before it had any task. */
  let before = 0;
  let peak = 0;
  let sampler: NodeJS.Timeout;

  beforeAll(async () => {
    place = await ServicePlace.create({
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
      A2A_MAX_CONTENT_BYTES: String(CONTENT_MB * MB),
    });
    const service = await place.start();
    before = service.residentBytes;
    client = new RpcClient(`${service.origin}/agents/lab`);
    const message = textMessage(`stream ${TASK_MB} ${MB}`);
    const configuration = { returnImmediately: true };
    large = (await client.result<{ task: Task }>('SendMessage', { message, configuration })).task.id;
    await ended(large);
    sampler = setInterval(() => (peak = Math.max(peak, service.residentBytes)), 20);
  }, LIMIT_MS);

  afterAll(async () => {
    clearInterval(sampler);
    await place.remove();
  }, LIMIT_MS);

  function expectGrowth(what: string): void {
    figures(`${what}: ${((peak - before) / MB).toFixed(0)} MB more than at the start, of ${GROWTH_LIMIT / MB}`);
    expect(peak - before).toBeLessThan(GROWTH_LIMIT);
    expect(place.service.alive).toBe(true);
  }

  async function ended(id: string): Promise<void> {
    const end = Date.now() + 120_000;
    for (;;) {
      const { tasks } = await client.result<ListTasksResponse>('ListTasks', { historyLength: 0 });
      const state = tasks.find((task) => task.id === id)?.status.state;
      if (state === 'TASK_STATE_COMPLETED') return;
      if (Date.now() > end) throw new Error(`Task ${id} is ${state}.`);
      await sleep(100);
    }
  }

  const address = (path: string): string => `${place.service.origin}/agents/lab${path}`;

  function get(path: string, headers: Record<string, string> = V1): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      request(address(path), { headers, agent: false }, resolve).on('error', reject).end();
    });
  }

  async function bytesOf(response: IncomingMessage): Promise<number> {
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) bytes += chunk.length;
    return bytes;
  }

  it(
    `go to ${CALLS} callers at once, who share one read and one buffer`,
    async () => {
      peak = 0;
      const answers = await Promise.all(
        Array.from({ length: CALLS }, async () => {
          const response = await get(`/tasks/${large}`);
          return {
            status: response.statusCode,
            announced: response.headers['content-length'],
            bytes: await bytesOf(response),
          };
        }),
      );
      const [{ bytes } = { bytes: 0 }] = answers;
      expect(bytes).toBeGreaterThan(TASK_MB * MB);
      for (const answer of answers) expect(answer).toEqual({ status: 200, announced: String(bytes), bytes });
      expectGrowth(`${CALLS} GetTask of ${TASK_MB} MB`);
    },
    LIMIT_MS,
  );

  it(
    `go to ${SUBSCRIBERS} subscribers who do not read, and share it`,
    async () => {
      const one = await get(`/tasks/${large}:subscribe`, { ...V1, 'Last-Event-ID': '1000000' });
      one.pause();
      peak = 0;
      const unread = [one];
      for (let n = 1; n < SUBSCRIBERS; n++) {
        unread.push(await get(`/tasks/${large}:subscribe`, { ...V1, 'Last-Event-ID': '1000000' }));
        unread.at(-1)?.pause();
      }
      expect(unread.map(({ statusCode }) => statusCode)).toEqual(unread.map(() => 200));
      expectGrowth(`${SUBSCRIBERS} unread snapshots of ${TASK_MB} MB`);
      // Each of them has all of it when it reads.
      expect(await bytesOf(unread.at(-1) as IncomingMessage)).toBeGreaterThan(TASK_MB * MB);
      for (const stream of unread) stream.destroy();
    },
    LIMIT_MS,
  );

  it(
    `list ${UPLOADS} uploads of ${UPLOAD_MB} MB page by page`,
    async () => {
      const contextId = 'uploads';
      peak = 0;
      const sent: string[] = [];
      for (let n = 0; n < UPLOADS; n++) {
        const metadata = { upload: 'x'.repeat(UPLOAD_MB * MB) };
        const message = { ...textMessage(`echo ${n}`, { contextId }), metadata };
        const configuration = { historyLength: 0 };
        sent.push((await client.result<{ task: Task }>('SendMessage', { message, configuration })).task.id);
      }
      const listed: string[] = [];
      for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
        const page: ListTasksResponse = await client.result('ListTasks', { contextId, pageToken });
        expect(JSON.stringify(page).length).toBeLessThan(4.5 * MB);
        expect(page.totalSize).toBe(UPLOADS);
        listed.push(...page.tasks.map(({ id }) => id));
        pageToken = page.nextPageToken || undefined;
      }
      expect(listed.sort()).toEqual(sent.sort());
      expectGrowth(`${UPLOADS} uploads of ${UPLOAD_MB} MB, listed`);
    },
    LIMIT_MS,
  );
});
