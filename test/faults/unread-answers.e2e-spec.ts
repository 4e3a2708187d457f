import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { figures, sized } from '../support/faults/figures.js';
import { growthLimit } from '../support/faults/growth-limit.js';
import { bytesHeld, MEMORY_REPORT } from '../support/faults/memory-report.js';
import { httpGet, httpPost, UnreadCall } from '../support/faults/unread-calls.js';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { ServicePlace } from '../support/service.place.js';

const MB = 1_000_000;
/** Of one task, and of many. */
const CLIENTS = sized(36, 300);
const CLIENTS_OF_MANY = sized(24, 120);
const TASKS = sized(4, 20);
const TASK_BYTES = 9_800_000;
const BUFFERED_BYTES = 128 << 20;
/** Of those, what one caller may have: one task in each of its forms, and few of many tasks. */
const BUFFERED_BYTES_PER_CALLER = 64 << 20;
const CONTENT_BYTES = 32 << 20;
const HEAP_BYTES = 256 << 20;
const GROWTH_LIMIT = growthLimit({
  heapBytes: HEAP_BYTES,
  heldBytes: BUFFERED_BYTES,
  contentBytes: CONTENT_BYTES,
});
/** What may be left of all of it, which is less than one task: what was compiled and cached meanwhile. */
const LEFT_BYTES = 8 * MB;
const LIMIT_MS = 400_000;
/** Silent connections are closed while others still ask, or not at all: then what they hold stays, and is refused to others. */
const MODES = [
  {
    mode: 'are closed soon',
    idleMs: sized(3_000, 10_000),
    leave: false,
    leastRefused: 0,
    addresses: sized([50], [1, 50]),
  },
  { mode: 'leave by themselves', idleMs: 600_000, leave: true, leastRefused: 1, addresses: sized([1], [1, 50]) },
];
const V1 = { 'A2A-Version': '1.0' };

type Counts = Record<string, number>;
/** Of JSON-RPC. */
const OVERLOADED = -32058;

const rpc = (method: string, params: object): object => ({ jsonrpc: '2.0', id: 1, method, params });

/** Ways to ask for a whole task. Those who ask for the same one in the same form share it. */
const SHARING: readonly ((id: string) => string)[] = [
  (id) => httpPost('/agents/lab', rpc('GetTask', { id }), V1),
  (id) => httpGet(`/agents/lab/tasks/${id}`, V1),
  (id) => httpPost('/agents/lab', rpc('tasks/get', { id }), {}),
  (id) => httpPost('/agents/lab', rpc('SubscribeToTask', { id }), { ...V1, 'Last-Event-ID': '1000000' }),
  (id) => httpPost('/agents/lab', rpc('tasks/resubscribe', { id }), {}),
];
/** And a way to have all its events again. */
const WAYS = [
  ...SHARING,
  (id: string): string => httpGet(`/agents/lab/tasks/${id}:subscribe`, { ...V1, 'Last-Event-ID': '0' }),
];

describe.each(MODES)(
  `clients who do not read tasks of ${TASK_BYTES / MB} MB and $mode`,
  ({ idleMs, leave, leastRefused, addresses }) => {
    let place: ServicePlace;
    let client: RpcClient;
    const ids: string[] = [];
    const unread: UnreadCall[] = [];
    let peak = 0;
    let before = 0;
    let heldBefore = 0;
    let sampler: NodeJS.Timeout;

    beforeAll(async () => {
      place = await ServicePlace.create({
        ...MEMORY_REPORT,
        NODE_OPTIONS: `${MEMORY_REPORT.NODE_OPTIONS} --max-old-space-size=${HEAP_BYTES >> 20}`,
        A2A_MAX_BUFFERED_BYTES: String(BUFFERED_BYTES),
        A2A_MAX_BUFFERED_BYTES_PER_CALLER: String(BUFFERED_BYTES_PER_CALLER),
        A2A_MAX_CONTENT_BYTES: String(CONTENT_BYTES),
        A2A_RESPONSE_IDLE_MS: String(idleMs),
      });
      const service = await place.start();
      client = new RpcClient(`${service.origin}/agents/lab`);
      for (let n = 0; n < TASKS; n++) {
        const { task } = await client.result<{ task: Task }>('SendMessage', {
          message: textMessage(`big ${TASK_BYTES}`),
        });
        expect(task.status.state).toBe('TASK_STATE_COMPLETED');
        ids.push(task.id);
      }
      heldBefore = await bytesHeld(service);
      before = service.residentBytes;
      sampler = setInterval(() => (peak = Math.max(peak, service.residentBytes)), 20);
    }, LIMIT_MS);

    afterAll(async () => {
      clearInterval(sampler);
      for (const call of unread) call.close();
      await place.remove();
    }, LIMIT_MS);

    const connections = (): number => readdirSync(`/proc/${place.service.pid}/fd`).length;

    /** Somebody else's call, which is answered, or refused while there is no room for anybody. */
    async function echo(): Promise<'answered' | 'refused'> {
      const { result, error } = await client.call<{ task: Task }>('SendMessage', { message: textMessage('echo hi') });
      expect(result?.task.status.state ?? error?.code).toBe(result ? 'TASK_STATE_COMPLETED' : OVERLOADED);
      return result ? 'answered' : 'refused';
    }

    /** How often each status came, and what became of somebody else's calls meanwhile. */
    async function outcomes(requests: readonly string[], addresses: number): Promise<[Counts, Counts]> {
      const calls = requests.map((request, n) => new UnreadCall(place.port, request, `127.0.0.${2 + (n % addresses)}`));
      unread.push(...calls);
      let over = false;
      const statuses = Promise.all(calls.map(({ status }) => status)).finally(() => (over = true));
      const others: string[] = [];
      do others.push(await echo());
      while (!over);
      const counts = [countsOf(await statuses), countsOf(others)] as const;
      const refusals = countsOf(calls.flatMap(({ refusal = [] }) => refusal));
      figures(
        `${counts.map((each) => JSON.stringify(each)).join(', others: ')}, refusals: ${JSON.stringify(refusals)}; grown by ${Math.round((peak - before) / MB)} MB`,
      );
      return [...counts];
    }

    /** Their connections are closed, and what they held is there again. */
    async function givenBack(files: number): Promise<void> {
      for (const call of leave ? unread.splice(0) : []) call.close();
      while (connections() > files + 10) await sleep(100);
      let held = Infinity;
      for (let tries = 60; tries > 0 && held > heldBefore + LEFT_BYTES; tries--) {
        await sleep(500);
        held = await bytesHeld(place.service);
      }
      expect(place.service.alive).toBe(true);
      figures(`closed; held ${Math.round((held - heldBefore) / MB)} MB more than before`);
      expect(held).toBeLessThan(heldBefore + LEFT_BYTES);
    }

    const requestsFor = (ways: readonly ((id: string) => string)[], clients: number, tasks: number): string[] =>
      Array.from(
        { length: clients },
        (_, n) => ways[n % ways.length]?.(ids[Math.floor(n / ways.length) % tasks] ?? '') ?? '',
      );

    it(
      `are ${CLIENTS} who share one, and keep nobody else waiting; all is given back`,
      async () => {
        const files = connections();
        peak = 0;
        const [statuses, others] = await outcomes(requestsFor(SHARING, CLIENTS, 1), 1);
        // Where some are closed before others ask, it may have to be read again, for which there may be no room on a busy machine.
        const { 200: answered = 0, 503: refused = 0, ...rest } = statuses;
        expect(rest).toEqual({});
        expect(answered).toBeGreaterThanOrEqual(leave ? CLIENTS : 1);
        expect(answered + refused).toBe(CLIENTS);
        expect(Object.keys(others)).toEqual(['answered']);
        await givenBack(files);
        expect(peak - before).toBeLessThan(GROWTH_LIMIT);
      },
      LIMIT_MS,
    );

    it.each(addresses)(
      `are ${CLIENTS_OF_MANY} of many from %d address(es): there is a limit to what they hold, more is 503, and all is given back`,
      async (count) => {
        const files = connections();
        peak = 0;
        const [{ 200: answered = 0, 503: refused = 0, ...rest }, others] = await outcomes(
          requestsFor(WAYS, CLIENTS_OF_MANY, TASKS),
          count,
        );
        expect(rest).toEqual({});
        expect(answered).toBeGreaterThan(0);
        expect(refused).toBeGreaterThanOrEqual(leastRefused);
        // One caller has a share, which leaves room for others. So many together may have all of it.
        if (count === 1) expect(Object.keys(others)).toEqual(['answered']);
        await givenBack(files);
        expect(peak - before).toBeLessThan(GROWTH_LIMIT);
        const task = await client.result<Task>('GetTask', { id: ids.at(-1) });
        expect(JSON.stringify(task).length).toBeGreaterThan(TASK_BYTES);
      },
      LIMIT_MS,
    );
  },
);

function countsOf(all: readonly (string | number)[]): Counts {
  const counts: Counts = {};
  for (const each of all) counts[each] = (counts[each] ?? 0) + 1;
  return counts;
}
