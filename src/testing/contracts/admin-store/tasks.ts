import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import type { TaskState } from '../../../protocol/model/index.js';
import type { AdminTaskFilter } from '../../../tasks/admin/admin-store.interface.js';
import {
  agentMessage,
  begin,
  beginInterrupted,
  caller,
  chunk,
  newTask,
  pushConfig,
  status,
  type Writer,
} from '../fixtures.js';
import type { OperatorStores } from '../../../tasks/stores.js';
import type { Subject } from '../open-suite.js';
import { allPages } from './support.js';

const idOf = ({ run }: Writer): string => run.taskId;

/** Newest first. */
const newestFirst = (...writers: Writer[]): string[] => writers.map(idOf).sort().reverse();

export function tasks(subject: Subject<OperatorStores>): void {
  const idsOf = async (filter: AdminTaskFilter): Promise<string[]> => {
    const rows = await allPages((page) => subject().admin.tasks(filter, page));
    return rows.map(({ id }) => id);
  };

  describe('tasks', () => {
    it('are of all owners, tenants and agents, newest first', async () => {
      const contextId = newId();
      const contexts = [caller(), caller({ tenant: 'other' }), caller({ agent: `agent-${newId()}` })];
      const writers = [];
      for (const context of contexts) writers.push(await begin(subject(), context, { contextId }));
      expect(await idsOf({ contextId })).toEqual(newestFirst(...writers));
    });

    it('are shown with their metadata and without their content', async () => {
      const { admin, pushConfigs } = subject();
      const context = caller({ tenant: 'acme' });
      const before = Date.now();
      const writer = await begin(subject(), context, { runOwner: 'replica-1', contextId: 'the context' });
      await writer.write(status('TASK_STATE_WORKING', { message: agentMessage('step 1') }), chunk('secret'));
      await pushConfigs.put(context, idOf(writer), pushConfig('c'), 10);
      const row = await admin.task(idOf(writer));
      expect(row).toEqual({
        ...{ id: idOf(writer), contextId: 'the context', agent: 'lab', owner: context.owner, tenant: 'acme' },
        ...{ state: 'TASK_STATE_WORKING', createdAt: expect.any(String), statusAt: expect.any(String), lastSeq: 3 },
        ...{ bytes: expect.any(Number), turn: 1, attempt: 1, crashes: 0, failures: 0, fence: 1, runOwner: 'replica-1' },
        ...{ webhooks: 1, trimmedSeq: 0 },
      });
      expect(new Date(row?.createdAt ?? '').toISOString()).toBe(row?.createdAt);
      expect(Math.abs(Date.parse(row?.createdAt ?? '') - before)).toBeLessThan(60_000);
      expect((await admin.tasks({ owner: context.owner })).rows).toEqual([row]);
      expect(await admin.task(newId())).toBeUndefined();
      expect(await admin.task('no id')).toBeUndefined();
    });

    it('have the text of their status message once they have settled, also when their log is trimmed', async () => {
      const { admin, tasks: store } = subject();
      const waits = await begin(subject(), caller());
      await waits.write(status('TASK_STATE_INPUT_REQUIRED', { message: agentMessage('Which city?') }));
      expect((await admin.task(idOf(waits)))?.reason).toBe('Which city?');
      await waits.write(status('TASK_STATE_WORKING', { message: agentMessage('goes on') }));
      expect(await admin.task(idOf(waits))).not.toHaveProperty('reason');
      await waits.write(chunk('x'), status('TASK_STATE_FAILED', { message: agentMessage(`${'x'.repeat(600)}`) }));
      expect((await admin.task(idOf(waits)))?.reason).toBe('x'.repeat(500));
      await store.trim(idOf(waits), waits.lastSeq);
      expect(await admin.task(idOf(waits))).toMatchObject({ reason: 'x'.repeat(500), trimmedSeq: waits.lastSeq });
    });

    it('say that they are queued and since when, and that a cancel was requested', async () => {
      const { admin, tasks: store, runs } = subject();
      const context = caller();
      const { taskId } = newTask();
      await store.create(context, newTask({ taskId }));
      await runs.requestCancel(context, taskId);
      const row = await admin.task(taskId);
      expect(row).toMatchObject({ attempt: 0, notBefore: row?.createdAt, cancelRequestedAt: expect.any(String) });
      expect(row).not.toHaveProperty('runOwner');
    });

    it('are found by each filter, and by all of them together', async () => {
      const { admin } = subject();
      const [agent, tenant, contextId, runOwner] = [`agent-${newId()}`, `tenant-${newId()}`, newId(), newId()];
      const context = caller({ agent, tenant });
      const it = await begin(subject(), context, { contextId, runOwner });
      await it.write(status('TASK_STATE_WORKING'));
      const ended = await begin(subject(), { ...context, tenant: 'else' });
      await ended.write(status('TASK_STATE_REJECTED'));
      const waits = await beginInterrupted(subject(), { ...caller(), agent });
      const queued = newTask();
      await subject().tasks.create({ ...context, tenant: '' }, queued);
      const [{ owner }, created] = [context, Date.parse((await admin.task(idOf(it)))?.createdAt ?? '')];
      const all = [idOf(it), idOf(ended), idOf(waits), queued.taskId].sort().reverse();
      const working: TaskState = 'TASK_STATE_WORKING';
      expect(await idsOf({ agent })).toEqual(all);
      expect(await idsOf({ owner })).toEqual(all.filter((id) => id !== idOf(waits)));
      expect(await idsOf({ tenant })).toEqual([idOf(it)]);
      expect(await idsOf({ contextId })).toEqual([idOf(it)]);
      expect(await idsOf({ runOwner })).toEqual([idOf(it)]);
      expect(await idsOf({ owner, tenant: '' })).toEqual([queued.taskId]);
      expect(await idsOf({ agent, states: [working] })).toEqual([idOf(it)]);
      expect(await idsOf({ agent, states: ['TASK_STATE_REJECTED', 'TASK_STATE_INPUT_REQUIRED'] })).toEqual(
        newestFirst(ended, waits),
      );
      expect(await idsOf({ agent, states: [] })).toEqual([]);
      expect(await idsOf({ agent, queued: true })).toEqual([queued.taskId]);
      expect(await idsOf({ contextId, from: created, to: created + 1 })).toEqual([idOf(it)]);
      expect(await idsOf({ contextId, from: created + 1 })).toEqual([]);
      expect(await idsOf({ contextId, to: created })).toEqual([]);
      const every = { agent, owner, tenant, contextId, runOwner, states: [working], from: created, to: created + 1 };
      expect(await idsOf(every)).toEqual([idOf(it)]);
      for (const [name, value] of Object.entries({
        agent: 'x',
        owner: 'x',
        tenant: 'x',
        contextId: 'x',
        runOwner: 'x',
      }))
        expect(await idsOf({ ...every, [name]: value })).toEqual([]);
      expect(await idsOf({ ...every, queued: true })).toEqual([]);
    });

    it('of one state are found among those of all agents', async () => {
      const writers = [];
      const contextId = newId();
      for (const agent of [`agent-${newId()}`, `agent-${newId()}`]) {
        const writer = await begin(subject(), caller({ agent }), { contextId });
        await writer.write(status('TASK_STATE_REJECTED'));
        writers.push(writer);
      }
      expect(await idsOf({ contextId, states: ['TASK_STATE_REJECTED'] })).toEqual(newestFirst(...writers));
      const { rows } = await subject().admin.tasks({ states: ['TASK_STATE_REJECTED'] }, { limit: 2 });
      expect(rows.map(({ id }) => id)).toEqual(newestFirst(...writers));
    });

    it('are not found by what no storage can hold', async () => {
      for (const text of ['a\0b', '\ud800', "'", '%'])
        for (const name of ['agent', 'owner', 'tenant', 'contextId', 'runOwner'])
          expect(await idsOf({ [name]: text })).toEqual([]);
      expect(await idsOf({ owner: caller().owner, from: -1e300, to: 1e300 })).toEqual([]);
    });

    it('are found by a part of their reason in any case, page by page', async () => {
      const context = caller();
      const found = [];
      for (const text of ['Quota exceeded', 'no such city', 'the QUOTA is over', 'quota', '100% of it']) {
        const writer = await begin(subject(), context);
        await writer.write(status('TASK_STATE_FAILED', { message: agentMessage(text) }));
        if (/quota/i.test(text)) found.push(writer);
      }
      const search = (reason: string, limit: number): Promise<string[]> =>
        allPages((page) => subject().admin.tasks({ owner: context.owner, reason }, { ...page, limit })).then((rows) =>
          rows.map(({ id }) => id),
        );
      for (const limit of [1, 2, 50]) expect(await search('quoTa', limit)).toEqual(newestFirst(...found));
      expect(await search('0% o', 50)).toHaveLength(1);
      expect(await search('_', 50)).toEqual([]);
    });
  });

  describe('pages of tasks', () => {
    it('have no gap and no task twice while tasks are created between them', async () => {
      const context = caller();
      const writers = await Promise.all(Array.from({ length: 25 }, () => begin(subject(), context)));
      const shown = await allPages(async (page) => {
        const rows = await subject().admin.tasks({ owner: context.owner }, { ...page, limit: 4 });
        await begin(subject(), context);
        return rows;
      });
      const ids = shown.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual([...ids].sort().reverse());
      expect(ids).toEqual(expect.arrayContaining(writers.map(idOf)));
    });

    it('have 50 tasks by default and at most 200, and the last has no cursor', async () => {
      const { admin } = subject();
      const context = caller();
      await Promise.all(Array.from({ length: 205 }, () => begin(subject(), context)));
      const filter = { owner: context.owner };
      expect((await admin.tasks(filter)).rows).toHaveLength(50);
      const first = await admin.tasks(filter, { limit: 1000 });
      expect(first.rows).toHaveLength(200);
      const last = await admin.tasks(filter, { limit: 5, cursor: first.next ?? '' });
      expect(last.rows).toHaveLength(5);
      expect(last).not.toHaveProperty('next');
    });

    it('refuse a cursor that is none, or of another list', async () => {
      const { admin } = subject();
      const context = caller();
      await Promise.all([begin(subject(), context), begin(subject(), context)]);
      const { next = '' } = await admin.tasks({ owner: context.owner }, { limit: 1 });
      const refusal = { reason: 'INVALID_PARAMS', violations: [{ field: 'cursor' }] };
      const forged = Buffer.from(JSON.stringify(['x', "' or 1=1"])).toString('base64url');
      for (const cursor of ['x', forged, 'x'.repeat(10_000), Buffer.from('{}').toString('base64url')]) {
        await expect(admin.tasks({}, { cursor })).rejects.toMatchObject(refusal);
        await expect(admin.tasks({ reason: 'x' }, { cursor })).rejects.toMatchObject(refusal);
        await expect(admin.webhooks({}, { cursor })).rejects.toMatchObject(refusal);
        await expect(admin.deliveries({}, { cursor })).rejects.toMatchObject(refusal);
      }
      await expect(admin.tasks({ owner: 'x' }, { cursor: next })).rejects.toMatchObject(refusal);
      await expect(admin.webhooks({ owner: context.owner }, { cursor: next })).rejects.toMatchObject(refusal);
    });
  });
}
