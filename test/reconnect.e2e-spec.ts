import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { labChunk } from '../examples/lab/lab-chunk.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { textMessage } from './support/rpc.client.js';
import type { SseEvent, SseStream } from './support/sse.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));
const CHUNKS = 300;
/** Task, working, chunks, completed. */
const EVENTS = CHUNKS + 3;

const result = (event: SseEvent): StreamResponse => (JSON.parse(event.data) as { result: StreamResponse }).result;
const seqs = (events: SseEvent[]): number[] => events.map(({ id }) => Number(id));
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function take(stream: SseStream, count: number): Promise<SseEvent[]> {
  const events: SseEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    if (events.length === count) break;
  }
  stream.close();
  return events;
}

function chunkTexts(events: StreamResponse[]): string[] {
  return events.flatMap((event) => {
    if ('artifactUpdate' in event)
      return event.artifactUpdate.artifact.parts.map((part) => ('text' in part ? part.text : ''));
    if ('task' in event)
      return (event.task.artifacts ?? []).flatMap(({ parts }) =>
        parts.map((part) => ('text' in part ? part.text : '')),
      );
    return [];
  });
}

describe.each(SETUPS)('a reader of a task on $adapter with $storage', ({ storage, adapter }) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ storage, adapter, path: '', agents: [LabAgent] });
  });
  afterAll(() => app.close());

  const lab = () => app.rpc('lab');
  const expected = Array.from({ length: CHUNKS }, (_, i) => labChunk(i, 64));
  const stream = (message: unknown, headers = {}) => lab().stream('SendStreamingMessage', { message }, headers);
  const subscribe = (id: string, headers = {}) => lab().stream('SubscribeToTask', { id }, headers);

  it('that is cut comes back with Last-Event-ID and has each event exactly once, in order', async () => {
    const message = textMessage(`stream ${CHUNKS} 64 1`);
    const seen = await take(await stream(message), 40);
    const { id } = (result(seen[0]!) as { task: Task }).task;
    while (seen.length < EVENTS) {
      const next = await subscribe(id, { 'Last-Event-ID': seen.at(-1)!.id! });
      seen.push(...(await take(next, 90)));
    }
    expect(seqs(seen)).toEqual(range(1, EVENTS));
    expect(chunkTexts(seen.map(result))).toEqual(expected);
  });

  it('that subscribes in the middle gets the Task as of M and then M+1, M+2 …', async () => {
    const message = textMessage(`stream ${CHUNKS} 64 10`);
    const own = await stream(message);
    const all: SseEvent[] = [];
    const readers: Promise<SseEvent[]>[] = [];
    for await (const event of own) {
      all.push(event);
      const first = result(all[0]!) as { task: Task };
      if (all.length % 40 === 1 && all.length < 160)
        readers.push(subscribe(first.task.id).then((reader) => reader.all()));
    }
    expect(seqs(all)).toEqual(range(1, EVENTS));
    for (const events of await Promise.all(readers)) {
      const m = Number(events[0]!.id);
      expect(seqs(events)).toEqual(range(m, EVENTS));
      expect(chunkTexts(events.map(result))).toEqual(expected);
      const tail = new Map(all.map(({ id, data }) => [id, data]));
      for (const { id, data } of events.slice(1)) expect(data).toBe(tail.get(id));
    }
  });

  it('gets the rest of a task that has ended meanwhile, then the end', async () => {
    const seen = await take(await stream(textMessage(`stream ${CHUNKS} 64`)), 5);
    const { id } = (result(seen[0]!) as { task: Task }).task;
    await (await subscribe(id, { 'Last-Event-ID': '5' })).all();
    const rest = await (await subscribe(id, { 'Last-Event-ID': '5' })).all();
    expect(seqs(rest)).toEqual(range(6, EVENTS));
    expect(await (await subscribe(id, { 'Last-Event-ID': String(EVENTS) })).all()).toEqual([]);
    const ended = await lab().call('SubscribeToTask', { id });
    expect(ended.error?.code).toBe(-32004);
  });

  it.each(['x', '-1', '99999', '1.5'])(
    'gets a Task frame with its id for the unusable Last-Event-ID %s',
    async (header) => {
      const { task } = await lab().result<{ task: Task }>('SendMessage', { message: textMessage('echo hi') });
      const events = await (await subscribe(task.id, { 'Last-Event-ID': header })).all();
      expect(seqs(events)).toEqual([3]);
      expect(result(events[0]!)).toMatchObject({ task: { id: task.id, status: { state: 'TASK_STATE_COMPLETED' } } });
    },
  );

  it('resumes SendStreamingMessage by its messageId and never starts a second run', async () => {
    const message = textMessage(`stream 20 64`);
    const all = await (await stream(message)).all();
    const rest = await (await stream(message, { 'Last-Event-ID': '10' })).all();
    expect(rest).toEqual(all.slice(10));
    const unknown = await lab().call(
      'SendStreamingMessage',
      { message: textMessage('echo never') },
      { 'Last-Event-ID': '1' },
    );
    expect(unknown.error?.code).toBe(-32602);
    const { totalSize } = await lab().result<{ totalSize: number }>('ListTasks', { contextId: 'never' });
    expect(totalSize).toBe(0);
  });

  it('X10: stays on an input-required task by SubscribeToTask, while the stream of the message ends there', async () => {
    const asked = await (await stream(textMessage('ask'))).all();
    const { id } = (result(asked[0]!) as { task: Task }).task;
    const reader = await subscribe(id);
    const reading = reader.all();
    await lab().result('SendMessage', { message: textMessage('fine', { taskId: id }) });
    const events = await reading;
    expect(result(events[0]!)).toMatchObject({ task: { status: { state: 'TASK_STATE_INPUT_REQUIRED' } } });
    expect(result(events.at(-1)!)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
  });

  it('sees what a stranger to the task may not: the same answer as for a task that is not there', async () => {
    const { task } = await lab().result<{ task: Task }>('SendMessage', { message: textMessage('echo mine') });
    const mine = { ...task, id: task.id };
    for (const method of ['GetTask', 'CancelTask', 'SubscribeToTask']) {
      const foreign = await lab().call(method, { id: mine.id, tenant: 'other' });
      const missing = await lab().call(method, { id: '0190aaaa-0000-7000-8000-000000000000', tenant: 'other' });
      expect(foreign.error?.code).toBe(-32001);
      expect(missing.error?.code).toBe(-32001);
      expect(foreign.error?.message.replace(mine.id, '')).toBe(
        missing.error?.message.replace('0190aaaa-0000-7000-8000-000000000000', ''),
      );
    }
  });
});
