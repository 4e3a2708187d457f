import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { labChunk } from '../examples/lab/lab-chunk.js';
import { type SendMessageResponse, type StreamResponse, type Task } from '../src/index.js';
import {
  A2aClient,
  type A2aClientOptions,
  type A2aStream,
  connect,
  type InterfacePreference,
} from '../src/client/index.js';
import { type LossyProxy, openLossyProxy } from './support/lossy-proxy.js';
import { SeededRandom } from './support/seeded-random.js';
import { ADAPTERS, TestApp } from './support/test-app.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const INTERFACES: InterfacePreference[] = [
  { binding: 'JSONRPC', version: '1.0' },
  { binding: 'HTTP+JSON', version: '1.0' },
  { binding: 'JSONRPC', version: '0.3' },
  { binding: 'HTTP+JSON', version: '0.3' },
];
const SETUPS = INTERFACES.map((each, i) => ({ ...each, adapter: ADAPTERS[i % ADAPTERS.length]! }));

/** A client that waits for nothing and gives up late. */
const optionsOf = (preference: InterfacePreference): A2aClientOptions => ({
  allow: ['127.0.0.1'],
  preference: [preference],
  limits: { minDelayMs: 0, maxDelayMs: 5, attempts: 200, openAttempts: 200 },
});

const taskOf = (answer: SendMessageResponse): Task => (answer as { task: Task }).task;
const chunksOf = (count: number): string[] => Array.from({ length: count }, (_, i) => labChunk(i, 64));
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

function textsOf(events: readonly StreamResponse[]): string[] {
  return events.flatMap((event) => {
    const artifacts =
      'artifactUpdate' in event ? [event.artifactUpdate.artifact] : 'task' in event ? event.task.artifacts : [];
    return (artifacts ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));
  });
}

interface Seen {
  readonly events: StreamResponse[];
  readonly seqs: (number | undefined)[];
}

async function read(stream: A2aStream, count = Infinity): Promise<Seen> {
  const seen: Seen = { events: [], seqs: [] };
  for await (const event of stream) {
    seen.events.push(event);
    seen.seqs.push(stream.lastSeq);
    if (seen.events.length === count) break;
  }
  return seen;
}

describe.each(SETUPS)('a client of an agent, by $binding $version on $adapter', ({ adapter, ...preference }) => {
  let app: TestApp;
  let proxy: LossyProxy;
  let client: A2aClient;
  beforeAll(async () => {
    proxy = await openLossyProxy(() => app.origin);
    app = await TestApp.start({ adapter, agents: [LabAgent], publicUrl: proxy.url });
    client = await connect(`${proxy.url}agents/lab`, optionsOf(preference));
  });
  afterEach(() => proxy.cutAfter(() => undefined));
  afterAll(async () => {
    client.close();
    await app.close();
    await proxy.close();
  });

  it('speaks what it prefers, and knows that streams resume', async () => {
    expect(await client.interface()).toEqual({ ...preference, resumable: true });
    expect((await client.card()).name).toBe('Lab');
  });

  it('sends, and gets what came of it', async () => {
    const task = taskOf(await client.sendMessage('echo hello'));
    expect(task).toMatchObject({
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ parts: [{ text: 'hello' }] }],
    });
    expect(await client.getTask({ id: task.id })).toEqual(task);
    const { history } = await client.getTask({ id: task.id, historyLength: 1 });
    expect(history).toEqual(task.history?.slice(-1));
  });

  it('follows up on a question', async () => {
    const asked = taskOf(await client.sendMessage('ask'));
    expect(asked.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    const message = { taskId: asked.id, parts: [{ text: 'forty-two' }] };
    const answer = taskOf(await client.sendStreamingMessage({ message }).result());
    expect(answer).toMatchObject({ id: asked.id, status: { state: 'TASK_STATE_COMPLETED' } });
    expect(textsOf([{ task: answer }]).join()).toContain('forty-two');
  });

  it('cancels', async () => {
    const { id } = taskOf(
      await client.sendMessage({ message: 'sleep 60000', configuration: { returnImmediately: true } }),
    );
    expect((await client.cancelTask({ id })).status.state).toBe('TASK_STATE_CANCELED');
    await expect(client.cancelTask({ id })).rejects.toMatchObject({
      name: 'A2ARemoteError',
      reason: 'TASK_NOT_CANCELABLE',
    });
  });

  it('lists, where there is such a thing', async () => {
    if (preference.version === '0.3' && preference.binding === 'JSONRPC') {
      await expect(client.listTasks()).rejects.toThrow('v0.3, which has no ListTasks');
      return;
    }
    const { contextId, id } = taskOf(await client.sendMessage('echo listed'));
    const { tasks } = await client.listTasks({ contextId });
    expect(tasks.map((task) => task.id)).toEqual([id]);
  });

  it('gets the error of a task that is not there', async () => {
    const id = crypto.randomUUID();
    for (const call of [client.getTask({ id }), client.cancelTask({ id }), client.subscribeToTask({ id }).result()]) {
      await expect(call).rejects.toMatchObject({ name: 'A2ARemoteError', reason: 'TASK_NOT_FOUND' });
    }
  });

  it('makes of a stream the task that the server has', async () => {
    const task = taskOf(await client.sendStreamingMessage('stream 20 64').result());
    expect(textsOf([{ task }])).toEqual(chunksOf(20));
    expect(task).toEqual(await client.getTask({ id: task.id }));
  });

  it('leaves a stream and comes back later, after the event that it saw last', async () => {
    const stream = client.sendStreamingMessage('stream 50 64 2');
    const first = await read(stream, 10);
    const rest = await read(client.subscribeToTask({ id: stream.taskId! }, { afterSeq: stream.lastSeq }));
    expect([...first.seqs, ...rest.seqs]).toEqual(range(1, 53));
    expect(textsOf([...first.events, ...rest.events])).toEqual(chunksOf(50));
    const again = await read(client.subscribeToTask({ id: stream.taskId! }, { afterSeq: 53 }));
    expect(again.events).toEqual([]);
  });

  it('sees each event of a stream exactly once, wherever its connections are cut', async () => {
    const plan = fc.record({ seed: fc.integer(), most: fc.integer({ min: 2_500, max: 12_000 }) });
    let reconnects = 0;
    await fc.assert(
      fc.asyncProperty(plan, async ({ seed, most }) => {
        const random = new SeededRandom(seed);
        proxy.cutAfter(() => random.between(0, most));
        const stream = client.sendStreamingMessage('stream 40 64 1');
        const { events, seqs } = await read(stream);
        proxy.cutAfter(() => undefined);
        reconnects += stream.reconnects;
        expect(seqs).toEqual(range(1, 43));
        expect(textsOf(events)).toEqual(chunksOf(40));
      }),
      { numRuns: 15 },
    );
    expect(reconnects).toBeGreaterThan(15);
  });

  it('runs a message once, however often its answer is cut', async () => {
    let cuts = 6;
    proxy.cutAfter(() => (cuts-- > 0 ? 0 : undefined));
    const contextId = crypto.randomUUID();
    const message = { contextId, parts: [{ text: 'echo once' }] };
    const task = taskOf(await client.sendMessage({ message }));
    expect(task.artifacts).toHaveLength(1);
    expect(cuts).toBeLessThan(0);
    if (preference.version === '0.3') return;
    expect((await client.listTasks({ contextId })).totalSize).toBe(1);
  });
});

describe('a client whose server is gone', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('goes on at another one with the next event', async () => {
    let target: TestApp;
    const proxy = await openLossyProxy(() => target.origin);
    const start = (): Promise<TestApp> =>
      TestApp.start({ agents: [LabAgent], publicUrl: proxy.url, databaseUrl: database.url });
    const [one, other] = [await start(), await start()];
    target = one;
    const client = new A2aClient(`${proxy.url}agents/lab`, optionsOf(INTERFACES[0]!));
    const stream = client.sendStreamingMessage('stream 60 64 50');
    const seqs: (number | undefined)[] = [];
    const events: StreamResponse[] = [];
    for await (const event of stream) {
      events.push(event);
      seqs.push(stream.lastSeq);
      if (events.length === 20) {
        target = other;
        proxy.cut();
      }
    }
    expect(seqs).toEqual(range(1, 63));
    expect(textsOf(events)).toEqual(chunksOf(60));
    expect(stream.reconnects).toBeGreaterThan(0);
    client.close();
    await Promise.all([one.close(), other.close(), proxy.close()]);
  });
});
