import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  AdminEventJson,
  AdminFrames,
  AdminList,
  AdminOverview,
  AdminTaskRow,
} from '../src/admin/admin-api.types.js';
import type { Task } from '../src/protocol/model/index.js';
import { AdminApp } from './support/admin-app.js';
import { ADAPTERS } from './support/test-app.js';

describe.each(ADAPTERS)('the admin API on %s', (adapter) => {
  const admin = new AdminApp(adapter);
  let ended: Task;

  beforeAll(async () => {
    await admin.start({}, { quotas: { owners: { vip: { runs: 7 } }, tenants: { acme: { storedTasks: 9 } } } });
    ended = await admin.send('hello');
  });
  afterAll(() => admin.close());

  it('says what the caller may do and where agents are', async () => {
    const { status, headers, body } = await admin.call<object>('session');
    expect([status, body]).toEqual([200, { readOnly: false, agentsPath: '/a2a', lab: false }]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('shows tasks of all owners, without their content', async () => {
    const other = await admin.send('secret', 'bob');
    const { body } = await admin.call<AdminList<AdminTaskRow>>('tasks');
    const owners = Object.fromEntries(body.rows.map(({ id, owner }) => [id, owner]));
    expect(owners).toMatchObject({ [ended.id]: 'alice', [other.id]: 'bob' });
    expect(JSON.stringify(body)).not.toContain('secret');
    const { body: row } = await admin.call<AdminTaskRow>(`tasks/${other.id}`);
    expect(row).toMatchObject({ id: other.id, owner: 'bob', state: 'TASK_STATE_COMPLETED', agent: 'test' });
  });

  it('filters and pages tasks', async () => {
    await admin.send('one', 'carol');
    await admin.send('two', 'carol');
    const first = await admin.call<AdminList<AdminTaskRow>>(
      'tasks?owner=carol&limit=1&state=TASK_STATE_COMPLETED,TASK_STATE_FAILED',
    );
    expect(first.body.rows).toHaveLength(1);
    const second = await admin.call<AdminList<AdminTaskRow>>(
      `tasks?owner=carol&limit=1&state=TASK_STATE_COMPLETED&state=TASK_STATE_FAILED&cursor=${encodeURIComponent(first.body.next!)}`,
    );
    expect(second.body.rows).toHaveLength(1);
    expect(second.body.rows[0]!.id).not.toBe(first.body.rows[0]!.id);
    expect((await admin.call<AdminList<AdminTaskRow>>('tasks?owner=carol&state=TASK_STATE_FAILED')).body.rows).toEqual(
      [],
    );
  });

  it.each([
    ['tasks?limit=0', 'limit'],
    ['tasks?limit=201', 'limit'],
    ['tasks?limit=x', 'limit'],
    ['tasks?limit=1&limit=2', 'limit'],
    ['tasks?state=DONE', 'state'],
    ['tasks?from=yesterday', 'from'],
    ['tasks?from=2026-13-41T00:00:00Z', 'from'],
    ['tasks?owner=', 'owner'],
    ['tasks?owner=%00', 'owner'],
    [`tasks?owner=${'a'.repeat(513)}`, 'owner'],
    ['tasks?owner[a]=b', 'owner'],
    ['tasks?queued=yes', 'queued'],
    ['tasks?sort=id', 'sort'],
    ['tasks?__proto__=1', '__proto__'],
    ['deliveries?state=late', 'state'],
    ['session?a=1', 'a'],
    ['runs?cursor=x', 'cursor'],
  ])('refuses %s and names the parameter', async (path, name) => {
    const { status, body } = await admin.call(path);
    expect([status, body.error.code]).toEqual([400, 'INVALID_PARAMS']);
    expect(body.error.message).toContain(name);
  });

  it('gives the document of a task as it is and as it was', async () => {
    const { body: now } = await admin.call<Task>(`tasks/${ended.id}/document`);
    expect(now).toMatchObject({ id: ended.id, status: { state: 'TASK_STATE_COMPLETED' } });
    expect(now.artifacts).toHaveLength(1);
    const { body: then, headers } = await admin.call<Task>(`tasks/${ended.id}/document?asOf=2`);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(then).toMatchObject({ id: ended.id, status: { state: 'TASK_STATE_WORKING' } });
    expect(then.artifacts ?? []).toEqual([]);
    expect(await admin.codeOf(`tasks/${ended.id}/document?asOf=99`)).toEqual([400, 'INVALID_PARAMS']);
  });

  it('gives events with their times, in pages', async () => {
    const { body } = await admin.call<AdminList<AdminEventJson>>(`tasks/${ended.id}/events?limit=3`);
    expect(body.rows.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, 'task'],
      [2, 'status'],
      [3, 'artifact'],
    ]);
    expect(body.rows[0]).toMatchObject({
      event: { task: { id: ended.id } },
      fence: expect.any(Number),
      bytes: expect.any(Number),
    });
    expect(body.next).toBe('3');
    const { body: rest } = await admin.call<AdminList<AdminEventJson>>(`tasks/${ended.id}/events?after=${body.next}`);
    expect(rest.rows.map(({ seq }) => seq)).toEqual([4]);
    expect(rest.next).toBeUndefined();
  });

  it('shows an event in both versions of the protocol', async () => {
    const { body } = await admin.call<AdminFrames>(`tasks/${ended.id}/events/4`);
    expect(body).toMatchObject({
      seq: 4,
      kind: 'status',
      frames: {
        '1.0': { statusUpdate: { taskId: ended.id, status: { state: 'TASK_STATE_COMPLETED' } } },
        '0.3': { kind: 'status-update', taskId: ended.id, status: { state: 'completed' }, final: true },
      },
    });
  });

  it.each([
    'tasks/nothing',
    'tasks/%00',
    'tasks/00000000-0000-0000-0000-000000000000',
    'tasks/nothing/events',
    'tasks/nothing/document',
  ])('answers 404 for %s', async (path) => expect(await admin.codeOf(path)).toEqual([404, 'NOT_FOUND']));

  it('answers 404 for events that are not there', async () => {
    for (const seq of ['0', '5', 'x', '-1', '99999999999999999999']) {
      expect(await admin.codeOf(`tasks/${ended.id}/events/${seq}`)).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('answers the other lists', async () => {
    for (const path of ['queue', 'runs', 'replicas', 'webhooks', 'deliveries', 'agents']) {
      const { status, body } = await admin.call<AdminList<object>>(path);
      expect([path, status, Array.isArray(body.rows)]).toEqual([path, 200, true]);
    }
  });

  it('shows agents with their cards in both versions', async () => {
    const { body } = await admin.call<AdminList<object>>('agents');
    expect(body.rows).toEqual([
      expect.objectContaining({
        id: 'test',
        default: true,
        signed: false,
        problems: [],
        path: '/a2a/agents/test',
        replies: 'task',
        resumable: false,
        limits: {},
        cards: {
          '1.0': expect.objectContaining({ name: 'test' }),
          '0.3': expect.objectContaining({ protocolVersion: '0.3.0' }),
        },
      }),
    ]);
  });

  it('shows figures, health and limits', async () => {
    const { body } = await admin.call<AdminOverview>('overview');
    expect(body).toMatchObject({
      storage: 'memory',
      draining: false,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(body.health).toEqual(
      ['storage', 'lease', 'bus', 'drain', 'runQueue', 'outbox'].map((name) => ({ name, up: true })),
    );
    const { body: quotas } = await admin.call<object>('quotas');
    expect(quotas).toMatchObject({
      limits: { maxPageBytes: 4 * 1024 * 1024 },
      execution: { drainMs: 100 },
      pushNotifications: { maxConfigsPerTask: 10 },
      owner: { runs: 1_000, callsPerMinute: 0, storedTasks: 0 },
      owners: { vip: { runs: 7, waitingTasks: 1_000 } },
      tenants: { acme: { runs: 1_000, storedTasks: 9 } },
      retention: { waitForClientMs: null, trimAfterMs: 86_400_000 },
    });
  });
});
