import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import type { RetentionPolicy } from '../src/tasks/retention/retention.policy.js';
import { TASK_STORE, type TaskStore } from '../src/tasks/task-store.interface.js';
import { agentOf } from './support/agent-of.js';
import { http } from './support/rest.client.js';
import { type RpcAnswer, textMessage, V10 } from './support/rpc.client.js';
import { SseStream } from './support/sse.client.js';
import { STORAGES, TestApp, type TestAppOptions } from './support/test-app.js';

const EVERY_MS = 100;
const CHUNKS = 60;
const CHUNK_BYTES = 200_000;
const context = {
  owner: 'anonymous',
  tenant: '',
  agent: 'test',
  protocolVersion: '1.0',
  requestedExtensions: [],
} as const;

type Frame = { id?: string; answer: RpcAnswer<StreamResponse> };

/** Fails, asks, produces much, or completes with one artifact, as the message says. */
function agent(runs: string[], options: { id?: string; default?: boolean; retention?: RetentionPolicy } = {}) {
  return agentOf(async ({ message }, updater) => {
    const [part] = message.parts;
    const text = part && 'text' in part ? String(part.text) : '';
    runs.push(text);
    if (text === 'ask') return updater.requiresInput('which?');
    if (text === 'fail') return updater.failed('no');
    if (text === 'much') {
      for (let n = 0; n < CHUNKS; n++) {
        // One that takes the place of the former: the log is large, the task is not.
        await updater.addArtifact('x'.repeat(CHUNK_BYTES), { artifactId: 'a' });
      }
    } else await updater.addArtifact(text, { artifactId: 'a' });
    return updater.complete();
  }, options);
}

describe.each(STORAGES)('retention in %s', (storage) => {
  let app: TestApp;
  let runs: string[];
  afterEach(() => app.close());

  const start = async (retention: TestAppOptions['retention'], agents = [agent((runs = []))]): Promise<void> => {
    app = await TestApp.start({ storage, agents, retention: { everyMs: EVERY_MS, ...retention } });
  };
  const send = async (text: string, agentId?: string): Promise<Task> =>
    (await app.rpc(agentId).result<{ task: Task }>('SendMessage', { message: textMessage(text) })).task;
  const get = (id: string, agentId?: string): Promise<RpcAnswer> => app.rpc(agentId).call('GetTask', { id });
  const store = (): TaskStore => app.app.get<TaskStore>(TASK_STORE, { strict: false });
  const until = async (what: () => Promise<boolean>): Promise<void> => {
    while (!(await what())) await sleep(20);
  };
  const gone = async (id: string, agentId?: string): Promise<void> =>
    until(async () => (await get(id, agentId)).error?.code === -32001);
  const frames = async (stream: SseStream): Promise<Frame[]> =>
    (await stream.all()).map(({ id, data }) => ({ id, answer: JSON.parse(data) as Frame['answer'] }));

  it('deletes tasks by how they ended and whose they are, and leaves those that wait', async () => {
    const archive = agent((runs = []), { id: 'archive', default: false, retention: { retainMs: Infinity } });
    await start({ retainMs: { completed: 0 }, trimAfterMs: 0 }, [agent(runs), archive]);
    const [failed, waiting, kept] = [await send('fail'), await send('ask'), await send('done', 'archive')];
    const completed = await send('done');
    await gone(completed.id);
    const page = await store().eventsAfter(context, failed.id, 0);
    expect((await get(failed.id)).result).toMatchObject({ id: failed.id, status: { state: 'TASK_STATE_FAILED' } });
    expect(page?.lastSeq).toBeGreaterThan(1);
    expect((await get(waiting.id)).result).toMatchObject({ status: { state: 'TASK_STATE_INPUT_REQUIRED' } });
    expect((await get(kept.id, 'archive')).result).toMatchObject({ id: kept.id, artifacts: [{ artifactId: 'a' }] });
    const list = await app.rpc().result<{ tasks: Task[] }>('ListTasks', {});
    expect(list.tasks.map(({ id }) => id).sort()).toEqual([failed.id, waiting.id].sort());
  });

  it('takes a message that is sent again for what it is, also when its task is gone', async () => {
    await start({ retainMs: 0 });
    const message = textMessage('once');
    const { task } = await app.rpc().result<{ task: Task }>('SendMessage', { message });
    await gone(task.id);
    for (const method of ['SendMessage', 'SendStreamingMessage']) {
      expect(await app.rpc().call(method, { message })).toMatchObject({ error: { code: -32001 } });
    }
    expect(runs).toEqual(['once']);
  });

  it('ends a task that nobody answers, and tells its readers why', async () => {
    await start({ waitForClientMs: 200 });
    const { id } = await send('ask');
    // The same whether it has ended before or ends now.
    const stream = await app.rpc().stream('SubscribeToTask', { id }, { 'Last-Event-ID': '1' });
    const last = (await frames(stream)).at(-1);
    const status = { state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'EXPIRED' } } };
    expect(last?.answer.result).toMatchObject({ statusUpdate: { taskId: id, status } });
    expect((await get(id)).result).toMatchObject({ status });
  });

  it('shows the task itself to those who come back for events that are trimmed', async () => {
    await start({ trimAfterMs: 0 });
    const { id } = await send('text');
    const lastSeq = (await store().head(context, id))!.lastSeq;
    await until(async () => (await store().head(context, id))?.trimmedSeq === lastSeq);
    const whole = {
      id,
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ artifactId: 'a', parts: [{ text: 'text' }] }],
    };
    for (const behind of [0, 1, lastSeq - 1]) {
      const headers = { 'Last-Event-ID': String(behind) };
      const rpc = await frames(await app.rpc().stream('SubscribeToTask', { id }, headers));
      expect(rpc).toMatchObject([{ id: String(lastSeq), answer: { result: { task: whole } } }]);
      const rest = await SseStream.open('GET', `${app.origin}/tasks/${id}:subscribe`, undefined, {
        ...V10,
        ...headers,
      });
      const shown = (await rest.all()).map((event) => ({ id: event.id, data: JSON.parse(event.data) as object }));
      expect(shown).toMatchObject([{ id: String(lastSeq), data: { task: whole } }]);
    }
    const nothing = await app.rpc().stream('SubscribeToTask', { id }, { 'Last-Event-ID': String(lastSeq) });
    expect(await frames(nothing)).toEqual([]);
    expect((await http<Task>(`${app.origin}/tasks/${id}`)).body).toMatchObject(whole);
  });

  /** A reader that has had the first events of a task that has ended since, and stopped reading. */
  async function slowReader(): Promise<{ id: string; stream: SseStream; rest: () => Promise<Frame[]> }> {
    const stream = await app.rpc().stream('SendStreamingMessage', { message: textMessage('much') });
    const events = stream[Symbol.asyncIterator]();
    const first = await events.next();
    const id = (JSON.parse(first.value!.data) as RpcAnswer<{ task: Task }>).result!.task.id;
    await until(async () => (await store().head(context, id))?.state === 'TASK_STATE_COMPLETED');
    const rest = async (): Promise<Frame[]> => {
      const read: Frame[] = [];
      for (let next = await events.next(); !next.done; next = await events.next()) {
        read.push({ id: next.value.id, answer: JSON.parse(next.value.data) as Frame['answer'] });
      }
      return read;
    };
    return { id, stream, rest };
  }

  /** Of the events that are numbered in order, from 2. */
  const expectInOrder = (read: readonly Frame[]): void =>
    expect(read.map(({ id }) => Number(id))).toEqual(read.map((_, n) => n + 2));

  it('never leaves a gap to a reader in the middle of a log that is trimmed', async () => {
    await start({});
    const { id, rest } = await slowReader();
    await until(
      async () => (await store().trimEnded({ agent: 'test', state: 'TASK_STATE_COMPLETED', forMs: 0 }, 10)) > 0,
    );
    const lastSeq = (await store().head(context, id))!.lastSeq;
    const read = await rest();
    const snapshot = read.pop();
    expect(read.length).toBeLessThan(lastSeq - 2);
    expectInOrder(read);
    const { task } = (snapshot?.answer.result ?? {}) as { task?: Task };
    expect(snapshot?.id).toBe(String(lastSeq));
    expect(task?.artifacts).toMatchObject([{ parts: [{ text: 'x'.repeat(CHUNK_BYTES) }] }]);
  });

  it('tells a reader whose task is deleted that it is gone', async () => {
    await start({});
    const { id, rest } = await slowReader();
    expect(await store().delete(context, id)).toBe(true);
    const read = await rest();
    const last = read.pop();
    expectInOrder(read);
    expect(last).toMatchObject({ id: undefined, answer: { error: { code: -32001 } } });
  });
});
