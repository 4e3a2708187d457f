import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListTasksRequest, ListTasksResponse, Task } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';
import { violatedFields } from './support/violations.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));

type Query = Partial<Record<keyof ListTasksRequest, unknown>>;

const idsOf = (tasks: readonly Task[]): string[] => tasks.map(({ id }) => id);
const descending = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);
/** Newest status first; of one time, the greater id first. */
const inOrder = (tasks: readonly Task[]): Task[] =>
  [...tasks].sort((a, b) => descending(a.status.timestamp!, b.status.timestamp!) || descending(a.id, b.id));

describe.each(SETUPS)('ListTasks on $adapter with $storage', ({ storage, adapter }) => {
  let app: TestApp;
  beforeAll(async () => {
    const agent = agentOf(async ({ userText, turn }, updater) => {
      await updater.startWork('on it');
      await updater.addArtifact(`${userText} ${turn}`);
      if (userText === 'ask') await updater.requiresInput('what?');
      if (userText === 'fail') await updater.failed('as asked');
    });
    const other = agentOf(async () => undefined, { id: 'other', default: false });
    app = await TestApp.start({ storage, adapter, agents: [agent, other] });
  });
  afterAll(() => app.close());

  const list = (query: Query = {}): Promise<ListTasksResponse> => app.rpc().result('ListTasks', query);
  const refused = async (query: Query): Promise<string[]> => violatedFields(await app.rpc().call('ListTasks', query));

  async function send(text: string, contextId?: string, fields = {}): Promise<Task> {
    const message = textMessage(text, { ...(contextId !== undefined && { contextId }), ...fields });
    return (await app.rpc().result<{ task: Task }>('SendMessage', { message })).task;
  }

  async function all(query: Query): Promise<Task[]> {
    const tasks: Task[] = [];
    for (let pageToken = ''; ;) {
      const page = await list({ ...query, pageToken });
      expect(page.tasks.length).toBeLessThanOrEqual(page.pageSize);
      tasks.push(...page.tasks);
      if (page.nextPageToken === '') return tasks;
      pageToken = page.nextPageToken;
    }
  }

  it('F7, F8: filters by context, state and status time, alone and together', async () => {
    const [a1, a2] = [await send('hi', 'filter-a'), await send('ask', 'filter-a')];
    const b = await send('ask', 'filter-b');
    expect(idsOf((await list({ contextId: 'filter-a' })).tasks)).toEqual(idsOf(inOrder([a1, a2])));
    const asking = await list({ status: 'TASK_STATE_INPUT_REQUIRED' });
    expect(idsOf(asking.tasks)).toEqual(idsOf(inOrder([a2, b])));
    const both = await list({ contextId: 'filter-a', status: 'TASK_STATE_INPUT_REQUIRED' });
    expect(both).toMatchObject({ tasks: [{ id: a2.id, contextId: 'filter-a' }], totalSize: 1, nextPageToken: '' });
    expect(await list({ contextId: 'filter-c' })).toEqual({ tasks: [], nextPageToken: '', pageSize: 50, totalSize: 0 });
    const any = await list({ contextId: 'filter-a', status: 'TASK_STATE_UNSPECIFIED' });
    expect(any.totalSize).toBe(2);

    await sleep(5);
    const late = await send('hi', 'filter-a');
    const since = (time: number): Promise<ListTasksResponse> =>
      list({ contextId: 'filter-a', statusTimestampAfter: new Date(time).toISOString() });
    const time = Date.parse(late.status.timestamp!);
    expect(idsOf((await since(time)).tasks)).toEqual([late.id]);
    expect((await since(time + 1)).tasks).toEqual([]);
    expect((await since(0)).totalSize).toBe(3);
  });

  it('shows the tasks of its own agent only', async () => {
    const { task } = await app.rpc('other').result<{ task: Task }>('SendMessage', { message: textMessage('hi') });
    expect(idsOf((await app.rpc('other').result<ListTasksResponse>('ListTasks')).tasks)).toEqual([task.id]);
    expect(idsOf(await all({}))).not.toContain(task.id);
  });

  it('F3: sorts by the time of the status: what changed last comes first', async () => {
    const first = await send('ask', 'order');
    await sleep(2);
    const second = await send('hi', 'order');
    expect(idsOf((await list({ contextId: 'order' })).tasks)).toEqual([second.id, first.id]);
    await sleep(2);
    await send('more', 'order', { taskId: first.id });
    expect(idsOf((await list({ contextId: 'order' })).tasks)).toEqual([first.id, second.id]);
  });

  it('F2: pages to the end: each task that did not change is there exactly once, whatever the others do', async () => {
    const contextId = 'paging';
    const asking = [await send('ask', contextId), await send('ask', contextId)];
    const still = await Promise.all(Array.from({ length: 23 }, () => send('hi', contextId)));
    const seen: Task[] = [];
    let pages = 0;
    for (let pageToken = ''; ; pages++) {
      const page = await list({ contextId, pageSize: 5, pageToken });
      expect(page).toMatchObject({ pageSize: 5, totalSize: 25 + pages });
      seen.push(...page.tasks);
      if (page.nextPageToken === '') break;
      ({ nextPageToken: pageToken } = page);
      // A new task, and one that moves to the front.
      await send('hi', contextId);
      const mover = asking.pop();
      if (mover) await send('ask', contextId, { taskId: mover.id });
    }
    const counts = new Map<string, number>();
    for (const { id } of seen) counts.set(id, (counts.get(id) ?? 0) + 1);
    for (const { id } of still) expect(counts.get(id)).toBe(1);
    expect(idsOf(seen)).toEqual(idsOf(inOrder(seen)));
    expect(pages).toBeGreaterThanOrEqual(4);
    for (const pageSize of [1, 7, 100]) {
      expect(idsOf(await all({ contextId, pageSize }))).toEqual(idsOf(inOrder(await all({ contextId }))));
    }
  });

  it('F5, C18: leaves artifacts out unless they are asked for, and cuts the history as GetTask does', async () => {
    const contextId = 'projection';
    const { id } = await send('hi', contextId);
    const whole = await app.rpc().result<Task>('GetTask', { id });
    expect(whole.history?.length).toBe(2);
    const { tasks } = await list({ contextId });
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).not.toHaveProperty('artifacts');
    expect(tasks[0]).toEqual({ ...whole, artifacts: undefined });
    expect((await list({ contextId, includeArtifacts: true })).tasks).toEqual([whole]);
    expect((await list({ contextId, includeArtifacts: false })).tasks[0]).not.toHaveProperty('artifacts');
    expect((await list({ contextId, historyLength: 0 })).tasks[0]).not.toHaveProperty('history');
    for (const historyLength of [1, 2, 100]) {
      const [task] = (await list({ contextId, historyLength })).tasks;
      expect(task?.history).toEqual(whole.history?.slice(-historyLength));
      expect(task?.history).toEqual((await app.rpc().result<Task>('GetTask', { id, historyLength })).history);
    }
    const { id: empty } = await send('fail', 'no artifacts');
    const [failed] = (await list({ contextId: 'no artifacts', includeArtifacts: true })).tasks;
    expect(failed).toMatchObject({ id: empty, artifacts: [{ parts: [{ text: 'fail 1' }] }] });
  });

  it.each<[string, Query]>([
    ['pageSize', { pageSize: 0 }],
    ['pageSize', { pageSize: 101 }],
    ['pageSize', { pageSize: -1 }],
    ['pageSize', { pageSize: 1.5 }],
    ['pageSize', { pageSize: 'many' }],
    ['status', { status: 'TASK_STATE_DREAMING' }],
    ['status', { status: 'completed' }],
    ['historyLength', { historyLength: -1 }],
    ['statusTimestampAfter', { statusTimestampAfter: 'yesterday' }],
    ['statusTimestampAfter', { statusTimestampAfter: '2026-13-01T00:00:00Z' }],
    ['includeArtifacts', { includeArtifacts: 'perhaps' }],
    ['contextId', { contextId: 'x'.repeat(513) }],
    ['pageToken', { pageToken: 'nonsense' }],
    ['pageToken', { pageToken: Buffer.from('{"t":"2026-01-01T00:00:00Z","i":"x","f":"x"}').toString('base64url') }],
    ['pageToken', { pageToken: 'x'.repeat(5000) }],
  ])('refuses a wrong %s by name (%#)', async (field, query) => {
    expect(await refused(query)).toEqual([field]);
  });

  it('F10, C15: names all wrong fields at once', async () => {
    expect((await refused({ pageSize: 0, historyLength: -1, status: 'x' })).sort()).toEqual([
      'historyLength',
      'pageSize',
      'status',
    ]);
  });

  it('F1, F2, I3: binds a page token to the filters, the agent and the tenant, not to size and projection', async () => {
    for (let i = 0; i < 3; i++) await send('hi', 'tokens');
    const { nextPageToken: pageToken } = await list({ contextId: 'tokens', pageSize: 1 });
    expect(pageToken).not.toBe('');
    const next = await list({ contextId: 'tokens', pageSize: 2, pageToken, historyLength: 0, includeArtifacts: true });
    expect(next.tasks).toHaveLength(2);
    const others: Query[] = [
      { pageToken },
      { contextId: 'paging', pageToken },
      { contextId: 'tokens', status: 'TASK_STATE_COMPLETED', pageToken },
      { contextId: 'tokens', statusTimestampAfter: '2020-01-01T00:00:00Z', pageToken },
      { contextId: 'tokens', tenant: 'acme', pageToken },
    ];
    for (const query of others) expect(await refused(query)).toEqual(['pageToken']);
    const elsewhere = await app.rpc('other').call('ListTasks', { contextId: 'tokens', pageToken });
    expect(violatedFields(elsewhere)).toEqual(['pageToken']);
  });
});
