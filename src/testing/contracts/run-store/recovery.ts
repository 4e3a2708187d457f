import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import { pendingEvent } from '../../../tasks/pending-event.js';
import {
  at,
  begin,
  beginInterrupted,
  caller,
  chunk,
  incoming,
  newTask,
  pause,
  replica,
  status,
  strangersTo,
  userMessage,
  Writer,
} from '../fixtures.js';
import type { TaskRecord } from '../../../tasks/task-record.js';
import type { Subject } from '../open-suite.js';

const isOf =
  (ids: readonly string[] = []) =>
  (id: string): boolean =>
    ids.includes(id);

export function recovery(subject: Subject): void {
  describe('unstartedRuns', () => {
    it('are the tasks that a replica owns and does not run, oldest first', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const [mine, other] = [newId(), newId()];
      const ids: string[] = [];
      for (const [n, runOwner] of [mine, other, mine, mine].entries()) {
        ids.push((await begin(subject(), context, { runOwner, at: at(n - 1e8) })).run.taskId);
        await pause(2);
      }
      const ended = await begin(subject(), context, { runOwner: mine });
      await ended.write(status('TASK_STATE_COMPLETED'));
      await beginInterrupted(subject(), context, { runOwner: mine });
      const unstarted = await runs.unstartedRuns(mine, [ids[2] ?? ''], 10);
      expect(unstarted.map(({ taskId }) => taskId)).toEqual([ids[0], ids[3]]);
      expect(unstarted[0]).toEqual(await tasks.head(context, ids[0] ?? ''));
      expect(await runs.unstartedRuns(mine, [], 2)).toHaveLength(2);
      expect(await runs.unstartedRuns(newId(), [], 10)).toEqual([]);
    });
  });

  describe('reclaim', () => {
    it('takes a run from the owner that is named: the fence rises, and the attempt if it was started', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const first = await begin(subject(), context, { runOwner: 'former' });
      await first.write(chunk('a'));
      const again = await runs.reclaim(first.run, 'former', 'present', false);
      expect(again).toMatchObject({ lastSeq: 2, turn: 1, attempt: 1, crashes: 0, run: { fence: 2 } });
      if (!again) throw new Error('not taken');
      expect(await first.append(chunk('late'))).toMatchObject({ ok: false, reason: 'fenced' });
      const lost = await runs.reclaim(again.run, 'present', 'present', true);
      expect(lost).toMatchObject({ lastSeq: 2, turn: 1, attempt: 2, crashes: 1, run: { fence: 3 } });
      expect(await tasks.head(context, first.run.taskId)).toMatchObject({ runOwner: 'present', fence: 3, attempt: 2 });
      if (lost) expect(await new Writer(tasks, lost.run, 2).append(chunk('mine'))).toMatchObject({ ok: true });
    });

    it('takes nothing that has changed hands, was released, has ended, or is not there', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const seized = await begin(subject(), context, { runOwner: 'r1' });
      await runs.forceClaim(context, seized.run.taskId, 'r1');
      const elsewhere = await begin(subject(), context, { runOwner: 'r2' });
      const released = await beginInterrupted(subject(), context, { runOwner: 'r1' });
      const ended = await begin(subject(), context, { runOwner: 'r1' });
      await ended.write(status('TASK_STATE_FAILED'));
      for (const { run } of [seized, elsewhere, released, ended]) {
        const before = await tasks.head(context, run.taskId);
        expect(await runs.reclaim(run, 'r1', 'r3', true)).toBeUndefined();
        expect(await tasks.head(context, run.taskId)).toEqual(before);
      }
      expect(await runs.reclaim({ ...seized.run, taskId: 'nope' }, 'r1', 'r3', true)).toBeUndefined();
      const { run } = await begin(subject(), context, { runOwner: 'r1' });
      for (const stranger of strangersTo(context)) {
        expect(await runs.reclaim({ ...run, ...stranger }, 'r1', 'r3', true)).toBeUndefined();
      }
    });

    it('says that a cancel was wished', async () => {
      const { runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context, { runOwner: 'r1' });
      await runs.requestCancel(context, run.taskId);
      expect(await runs.reclaim(run, 'r1', 'r2', true)).toMatchObject({ cancelRequested: true });
    });
  });

  describe('unanswered', () => {
    it('are the tasks that nobody runs and for which a message waits, oldest first', async () => {
      const { runs, inbox, tasks } = subject();
      const context = caller({ agent: 'quiet' });
      const write = (taskId: string) => inbox.put(context, taskId, incoming('x'), 'd', 10);
      const ids: string[] = [];
      for (const second of [2, 1]) {
        const { run } = await beginInterrupted(subject(), context, { at: at(second - 1e8) });
        await write(run.taskId);
        await write(run.taskId);
        ids.push(run.taskId);
      }
      const running = await begin(subject(), context);
      await write(running.run.taskId);
      const ended = await begin(subject(), context);
      await write(ended.run.taskId);
      await ended.write(status('TASK_STATE_COMPLETED'));
      await beginInterrupted(subject(), context);
      const unstarted = newTask();
      await tasks.create(context, unstarted);
      await write(unstarted.taskId);
      const oldest = (await runs.tasksWithPendingMessages(10, ['quiet'])).map(({ taskId }) => taskId);
      expect(oldest.sort()).toEqual([...ids].sort());
      expect(await runs.tasksWithPendingMessages(1, ['quiet'])).toHaveLength(1);
      expect(await runs.tasksWithPendingMessages(10, ['loud'])).toEqual([]);
      const [first = ''] = ids;
      expect(await runs.claimTurn(context, first, 'r')).toMatchObject({ turn: 2 });
      expect((await runs.tasksWithPendingMessages(10, ['quiet'])).map(({ taskId }) => taskId)).toEqual([ids[1]]);
      await tasks.delete(context, unstarted.taskId);
    });
  });

  describe('the pages of what was left', () => {
    /** All ids, two at a time, each page behind the last one. */
    const all = async (page: (limit: number, after?: string) => Promise<TaskRecord[]>): Promise<string[]> => {
      const ids: string[] = [];
      for (;;) {
        const heads = await page(2, ids.at(-1));
        ids.push(...heads.map(({ taskId }) => taskId));
        if (heads.length < 2) return ids;
      }
    };

    it('go on behind what was passed over, so that nothing is hidden by what stays', async () => {
      const { runs, inbox } = subject();
      const context = caller({ agent: `pages-${newId()}` });
      const agents = [context.agent];
      const gone = await replica(subject(), 0);
      const mine = newId();
      const [orphans, unstarted, unanswered]: string[][] = [[], [], []];
      for (let n = 0; n < 5; n++) {
        orphans?.push((await begin(subject(), context, { runOwner: gone })).run.taskId);
        unstarted?.push((await begin(subject(), context, { runOwner: mine })).run.taskId);
        const { run } = await beginInterrupted(subject(), context);
        await inbox.put(context, run.taskId, incoming('x'), 'd', 10);
        unanswered?.push(run.taskId);
        await pause(2);
      }
      const ofGone = (heads: TaskRecord[]): TaskRecord[] => heads.filter(({ runOwner }) => runOwner === gone);
      expect(ofGone(await runs.orphanedRuns(100, agents)).map(({ taskId }) => taskId)).toEqual(orphans);
      expect((await all((limit, after) => runs.orphanedRuns(limit, agents, after))).filter(isOf(orphans))).toEqual(
        orphans,
      );
      expect(await all((limit, after) => runs.unstartedRuns(mine, [], limit, after))).toEqual(unstarted);
      expect(await all((limit, after) => runs.tasksWithPendingMessages(limit, agents, after))).toEqual(unanswered);
      expect(await runs.tasksWithPendingMessages(10, agents, unanswered?.at(-1))).toEqual([]);
    });
  });

  describe('startedTurn', () => {
    const request = {
      metadata: { deep: [{ er: null }] },
      configuration: { acceptedOutputModes: ['text/plain'] },
      call: { protocolVersion: '0.3' as const, requestedExtensions: ['urn:x'] },
    };

    it('is the first message and its request, until another one is taken in', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const message = userMessage('first');
      const task = newTask({ runOwner: 'r', history: [message], request: { turn: 1, ...request } });
      const created = await tasks.create(context, task);
      if (!created.created) throw new Error('not created');
      expect(await runs.startedTurn(created.run)).toEqual({ turn: 1, message, ...request });
      const writer = new Writer(tasks, created.run);
      await writer.write(chunk('a'), status('TASK_STATE_INPUT_REQUIRED'));
      expect(await runs.startedTurn(created.run)).toMatchObject({ turn: 1, message });
      const more = userMessage('more');
      const working = { state: 'TASK_STATE_WORKING' as const, timestamp: at(1) };
      const started = { statusUpdate: { taskId: '', contextId: '', status: working } };
      await writer.write(pendingEvent(started, more, { turn: 7, ...request }));
      await writer.write(chunk('b'));
      expect(await runs.startedTurn(created.run)).toEqual({ turn: 7, message: more, ...request });
    });

    it('does without a request that says nothing', async () => {
      const { runs } = subject();
      const writer = await begin(subject(), caller());
      expect(await runs.startedTurn(writer.run)).toMatchObject({ turn: 1, message: { parts: [{ text: 'hello' }] } });
      const more = userMessage('more');
      await writer.write(status('TASK_STATE_WORKING', { inbound: more }));
      expect(await runs.startedTurn(writer.run)).toEqual({ turn: 1, message: more });
    });

    it('is shown to nobody but the run that owns the task', async () => {
      const { runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      await runs.forceClaim(context, run.taskId, 'r2');
      expect(await runs.startedTurn(run)).toBeUndefined();
      const fence = run.fence + 1;
      expect(await runs.startedTurn({ ...run, fence })).toMatchObject({ turn: 1 });
      for (const stranger of strangersTo(context)) {
        expect(await runs.startedTurn({ ...run, ...stranger, fence })).toBeUndefined();
      }
      expect(await runs.startedTurn({ ...run, taskId: 'nope' })).toBeUndefined();
    });
  });
}
