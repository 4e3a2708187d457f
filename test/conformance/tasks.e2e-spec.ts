import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ListTasksRequest, ListTasksResponse, Task } from '../../src/protocol/model/index.js';
import type { ConformanceClient } from './support/conformance.client.js';
import { scriptAgent } from './support/script.agent.js';
import { ALL_SETUPS, ConformanceServer, setupsWith } from './support/setups.js';

/** Every key of a JSON value, but for those of the client's and the agent's own. */
function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'metadata' || key === 'data' ? [key] : [key, ...keysOf(member)],
  );
}

const timesOf = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"timestamp":"([^"]+)"/g)].map(([, time]) => time!);

describe.each(ALL_SETUPS)('a task over %s', (_, setup) => {
  let server: ConformanceServer;
  let client: ConformanceClient;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, { agents: [scriptAgent()] });
    client = server.client();
  });
  afterAll(() => server.close());

  it('D1: is got as it is', async () => {
    const task = await client.send('stream 3 10');
    expect(await client.get(task.id)).toEqual(task);
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  });

  it.each([randomUUID(), 'nope', '../etc', 'a b', '%00'])('D1, D2: that is not there (%s) is not found', async (id) => {
    expect(await client.failure('GetTask', { id })).toMatchObject({ reason: 'TASK_NOT_FOUND' });
    expect(await client.failure('CancelTask', { id })).toMatchObject({ reason: 'TASK_NOT_FOUND' });
  });

  it.each(['sleep 600000', 'hang', 'ask', 'auth'])(
    'D2: that is not over (%s) is canceled, and stays so',
    async (text) => {
      const { id } = await client.send(text, {}, { returnImmediately: true });
      const canceled = await client.cancel(id);
      expect(canceled).toMatchObject({ id, status: { state: 'TASK_STATE_CANCELED' } });
      expect(await client.get(id)).toEqual(canceled);
    },
  );

  it.each(['echo hi', 'fail', 'reject'])('D2: that is over (%s) is not cancelable', async (text) => {
    const task = await client.send(text);
    expect(await client.failure('CancelTask', { id: task.id })).toMatchObject({ reason: 'TASK_NOT_CANCELABLE' });
    expect(await client.get(task.id)).toEqual(task);
  });

  it('D3, X12: that is canceled is not cancelable, and a second cancel changes nothing', async () => {
    const { id } = await client.send('ask');
    const canceled = await client.cancel(id);
    expect(await client.failure('CancelTask', { id })).toMatchObject({ reason: 'TASK_NOT_CANCELABLE' });
    expect(await client.get(id)).toEqual(canceled);
  });

  it('D4, X26: is told in camelCase, with times in UTC', async () => {
    const asked = await client.send('ask', { metadata: { snake_case: 1 } });
    await client.send('42', { taskId: asked.id });
    const { raw, result } = await client.call('GetTask', { id: asked.id });
    const said = raw ?? result;
    for (const key of keysOf(said)) expect(key).toMatch(/^@?[a-z][A-Za-z0-9]*$/);
    expect(timesOf(said).length).toBeGreaterThan(0);
    for (const time of timesOf(said)) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((result as Task).history?.[0]?.metadata).toEqual({ snake_case: 1 });
  });
});

describe.each(setupsWith('ListTasks'))('the tasks over %s', (_, setup) => {
  let server: ConformanceServer;
  let client: ConformanceClient;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, { agents: [scriptAgent()] });
    client = server.client();
  });
  afterAll(() => server.close());

  const list = (request: ListTasksRequest): Promise<ListTasksResponse> => client.result('ListTasks', request);

  /** Tasks in a context of their own, made one after the other. */
  async function made(count: number, text = 'echo hi'): Promise<{ contextId: string; tasks: Task[] }> {
    const contextId = randomUUID();
    const tasks: Task[] = [];
    for (let i = 0; i < count; i++) tasks.push(await client.send(text, { contextId }));
    return { contextId, tasks };
  }

  const idsOf = ({ tasks }: { tasks: readonly Task[] }): string[] => tasks.map(({ id }) => id);

  it('F2, F4, F9: come page by page, each once; the last page has an empty token', async () => {
    const { contextId, tasks } = await made(5);
    const seen: string[] = [];
    let pageToken = '';
    let pages = 0;
    do {
      const page = await list({ contextId, pageSize: 2, ...(pageToken && { pageToken }) });
      expect(page).toMatchObject({ totalSize: 5, pageSize: 2, nextPageToken: expect.any(String) as unknown });
      seen.push(...idsOf(page));
      pageToken = page.nextPageToken;
    } while (++pages < 5 && pageToken !== '');
    expect(pages).toBe(3);
    expect(seen).toEqual(idsOf({ tasks }).reverse());
  });

  it('F3: the one whose status changed last is first', async () => {
    const { contextId, tasks } = await made(3, 'ask');
    await client.send('42', { taskId: tasks[1]!.id });
    const [one, two, three] = idsOf({ tasks });
    expect(idsOf(await list({ contextId }))).toEqual([two, three, one]);
  });

  it('F4, F9: have all members, also when there are none', async () => {
    const { result, raw } = await client.call('ListTasks', { contextId: randomUUID() });
    expect(result).toEqual({ tasks: [], nextPageToken: '', pageSize: 50, totalSize: 0 });
    if (setup.binding.json) for (const key of Object.keys(result as object)) expect(JSON.stringify(raw)).toContain(key);
  });

  it('F5: have artifacts when asked for, and not even the key else', async () => {
    const { contextId, tasks } = await made(1);
    await client.send('ask', { contextId });
    const plain = await client.call('ListTasks', { contextId });
    if (setup.binding.json) expect(JSON.stringify(plain.raw)).not.toContain('"artifacts"');
    expect((plain.result as ListTasksResponse).tasks.flatMap(({ artifacts }) => artifacts ?? [])).toEqual([]);
    expect(idsOf(await list({ contextId, includeArtifacts: false }))).toHaveLength(2);
    const { tasks: whole } = await list({ contextId, includeArtifacts: true });
    expect(whole.map(({ artifacts }) => artifacts ?? [])).toEqual([[], tasks[0]?.artifacts]);
  });

  it('F6: are 50 a page unless told, and up to 100', async () => {
    const contextId = randomUUID();
    await Promise.all(Array.from({ length: 51 }, () => client.send('echo hi', { contextId })));
    const page = await list({ contextId });
    expect(page).toMatchObject({ pageSize: 50, totalSize: 51 });
    expect(page.tasks).toHaveLength(50);
    expect((await list({ contextId, pageSize: 100 })).tasks).toHaveLength(51);
  });

  it('F7, F8: are filtered by context, state and time, which includes itself', async () => {
    const { contextId, tasks } = await made(2);
    const asked = await client.send('ask', { contextId });
    expect(idsOf(await list({ contextId, status: 'TASK_STATE_INPUT_REQUIRED' }))).toEqual([asked.id]);
    expect(idsOf(await list({ contextId, status: 'TASK_STATE_COMPLETED' }))).toEqual(idsOf({ tasks }).reverse());
    expect(idsOf(await list({ contextId, statusTimestampAfter: asked.status.timestamp }))).toContain(asked.id);
    const later = new Date(Date.parse(asked.status.timestamp ?? '') + 1).toISOString();
    expect(await list({ contextId, statusTimestampAfter: later })).toMatchObject({ tasks: [], totalSize: 0 });
    const unspecified = { contextId, status: 'TASK_STATE_UNSPECIFIED' };
    expect(idsOf(await client.result<ListTasksResponse>('ListTasks', unspecified))).toHaveLength(3);
  });

  it('C18: show as much of the history as is asked for', async () => {
    const { contextId } = await made(1);
    expect((await list({ contextId, historyLength: 0 })).tasks[0]?.history ?? []).toEqual([]);
    expect((await list({ contextId, historyLength: 1 })).tasks[0]?.history).toHaveLength(1);
  });

  it.each([
    [{ pageSize: 0 }, 'pageSize'],
    [{ pageSize: -1 }, 'pageSize'],
    [{ pageSize: 101 }, 'pageSize'],
    [{ historyLength: -1 }, 'historyLength'],
    [{ pageToken: 'made up' }, 'pageToken'],
  ])('F6, F10: %j is refused, by its field', async (request, field) => {
    const failure = await client.failure('ListTasks', request);
    expect(failure).toMatchObject({ reason: 'INVALID_PARAMS', fields: [field] });
  });

  if (setup.binding.json)
    it.each([
      [{ status: 'DONE' }, 'status'],
      [{ statusTimestampAfter: 'yesterday' }, 'statusTimestampAfter'],
    ])('F10: %j is refused, by its field', async (request, field) => {
      const failure = await client.failure('ListTasks', request);
      expect(failure).toMatchObject({ reason: 'INVALID_PARAMS', fields: [field] });
    });
});
