import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import type { ClaimedRun } from '../../../tasks/run-store.interface.js';
import {
  begin,
  beginInterrupted,
  caller,
  chunk,
  HOUR,
  incoming,
  newTask,
  pause,
  replica,
  status,
  Writer,
} from '../fixtures.js';
import type { Subject } from '../open-suite.js';
import { untilSome } from '../until.js';

export function handBacks(subject: Subject): void {
  const anAgent = (): string => `agent-${newId()}`;
  const claimOf = (agent: string, limit = 10): Promise<ClaimedRun[]> =>
    subject().runs.claimQueued('heir', { limit, agents: new Map([[agent, 100]]) });

  describe('requeue', () => {
    it('puts a running task into the line: nothing of its run is written any more, and the next one goes on', async () => {
      const { tasks, runs } = subject();
      const context = caller({ agent: anAgent() });
      const writer = await begin(subject(), context);
      await writer.write(status('TASK_STATE_WORKING'), chunk('a'));
      expect(await runs.requeue(writer.run, { delayMs: 0 })).toBe('waiting');
      const { taskId } = writer.run;
      const head = await tasks.head(context, taskId);
      expect(head).toMatchObject({ fence: 2, turn: 1, attempt: 1, state: 'TASK_STATE_WORKING', lastSeq: 3 });
      expect(head?.runOwner).toBeUndefined();
      expect(await writer.append(chunk('late'))).toMatchObject({ ok: false, reason: 'fenced' });
      expect(await runs.release(writer.run)).toBe('fenced');
      const [claimed, ...others] = await claimOf(context.agent);
      expect(others).toEqual([]);
      expect(claimed).toMatchObject({ lastSeq: 3, turn: 1, attempt: 2, crashes: 0, failures: 0, run: { fence: 3 } });
      if (claimed) await new Writer(tasks, claimed.run, 3).write(chunk('b'), status('TASK_STATE_COMPLETED'));
      expect(await claimOf(context.agent)).toEqual([]);
    });

    it('counts failures of the turn, until the next turn', async () => {
      const { runs } = subject();
      const context = caller({ agent: anAgent() });
      let { run } = await begin(subject(), context);
      for (const failures of [1, 2]) {
        expect(await runs.requeue(run, { delayMs: 0, failed: true })).toBe('waiting');
        const [claimed] = await claimOf(context.agent);
        expect(claimed).toMatchObject({ attempt: failures + 1, crashes: 0, failures });
        if (claimed) run = claimed.run;
      }
      expect(await runs.nextTurn(run, 1)).toBe(true);
      expect(await runs.requeue(run, { delayMs: 0 })).toBe('waiting');
      expect(await claimOf(context.agent)).toMatchObject([{ turn: 2, attempt: 2, failures: 0 }]);
    });

    it('keeps the crashes', async () => {
      const { runs } = subject();
      const context = caller({ agent: anAgent() });
      const { run } = await begin(subject(), context, { runOwner: await replica(subject(), 0) });
      const taken = await runs.takeover(run.taskId, await replica(subject()));
      if (taken) expect(await runs.requeue(taken.run, { delayMs: 0 })).toBe('waiting');
      expect(await claimOf(context.agent)).toMatchObject([{ attempt: 3, crashes: 1 }]);
    });

    it('leaves the task alone until its time has come', async () => {
      const { runs } = subject();
      const context = caller({ agent: anAgent() });
      const { run } = await begin(subject(), context);
      const delayMs = 3_000;
      expect(await runs.requeue(run, { delayMs })).toBe('waiting');
      expect(await claimOf(context.agent)).toEqual([]);
      expect(await runs.countWaiting(10, context.owner)).toBe(1);
      await pause(delayMs);
      expect(await untilSome(() => claimOf(context.agent))).toHaveLength(1);
    });

    it('has the place in the line of its making, unless it is to go behind what waits', async () => {
      const { tasks, runs } = subject();
      const context = caller({ agent: anAgent() });
      const [first, second] = [await begin(subject(), context), await begin(subject(), context)];
      await pause(2);
      const waiting = newTask();
      await tasks.create(context, waiting);
      await pause(2);
      expect(await runs.requeue(first.run, { delayMs: 0, behind: true })).toBe('waiting');
      expect(await runs.requeue(second.run, { delayMs: 0 })).toBe('waiting');
      const taskIds = (await claimOf(context.agent)).map(({ run }) => run.taskId);
      expect(taskIds).toEqual([second.run.taskId, waiting.taskId, first.run.taskId]);
    });

    it('says that a cancel was requested, and changes nothing then', async () => {
      const { tasks, runs } = subject();
      const context = caller({ agent: anAgent() });
      const writer = await begin(subject(), context);
      const asked = await runs.requestCancel(context, writer.run.taskId);
      expect(await runs.requeue(writer.run, { delayMs: 0, failed: true })).toBe('canceled');
      expect(await tasks.head(context, writer.run.taskId)).toEqual(asked);
      await writer.write(status('TASK_STATE_CANCELED'));
    });

    it('is refused to a run that lost its task, and of a task that has ended', async () => {
      const { tasks, runs } = subject();
      const context = caller({ agent: anAgent() });
      const lost = await begin(subject(), context);
      await runs.forceClaim(context, lost.run.taskId, 'r2');
      expect(await runs.requeue(lost.run, { delayMs: 0 })).toBe('fenced');
      expect(await tasks.head(context, lost.run.taskId)).toMatchObject({ runOwner: 'r2', fence: 2 });
      const ended = await begin(subject(), context);
      await ended.write(status('TASK_STATE_COMPLETED'));
      const head = await tasks.head(context, ended.run.taskId);
      expect(await runs.requeue(ended.run, { delayMs: 0 })).toBe('terminal');
      expect(await tasks.head(context, ended.run.taskId)).toEqual(head);
      expect(await runs.requeue({ ...lost.run, taskId: 'nope' }, { delayMs: 0 })).toBe('fenced');
      expect(await claimOf(context.agent)).toEqual([]);
    });
  });

  describe('a task that waits for a start', () => {
    it('is nobody’s, whatever its state, and no message starts another turn of it', async () => {
      const { tasks, runs, inbox } = subject();
      const context = caller({ agent: anAgent() });
      const writer = await begin(subject(), context, { runOwner: await replica(subject(), 0) });
      const { taskId } = writer.run;
      await writer.write(status('TASK_STATE_WORKING'));
      await runs.requeue(writer.run, { delayMs: 0 });
      await inbox.put(context, taskId, incoming('x'), 'd', 10);
      expect(await runs.claimTurn(context, taskId, 'r')).toBeUndefined();
      expect(await runs.tasksWithPendingMessages(10, [context.agent])).toEqual([]);
      expect(await runs.orphanedRuns(10, [context.agent])).toEqual([]);
      expect(await runs.takeover(taskId, 'r')).toBeUndefined();
      const [claimed] = await claimOf(context.agent);
      expect(claimed).toMatchObject({ turn: 1, attempt: 2 });
      if (claimed) expect(await runs.release(claimed.run)).toBe('inbox');
      expect(await tasks.head(context, taskId)).toMatchObject({ runOwner: 'heir' });
    });

    it('can be canceled', async () => {
      const { tasks, runs } = subject();
      const context = caller({ agent: anAgent() });
      const { run } = await begin(subject(), context);
      await runs.requeue(run, { delayMs: HOUR });
      const asked = await runs.requestCancel(context, run.taskId);
      expect(asked?.runOwner).toBeUndefined();
      const seized = await runs.forceClaim(context, run.taskId, 'r2');
      if (seized) await new Writer(tasks, seized.run, seized.lastSeq).write(status('TASK_STATE_CANCELED'));
      expect(await runs.countWaiting(10, context.owner)).toBe(0);
      expect(await runs.claimTurn(context, run.taskId, 'r')).toBeUndefined();
    });

    it('is not one that waits for its client', async () => {
      const { runs } = subject();
      const context = caller({ agent: anAgent() });
      const first = await begin(subject(), context);
      await runs.requeue(first.run, { delayMs: 0 });
      const [claimed] = await claimOf(context.agent);
      if (!claimed) throw new Error('not claimed');
      await new Writer(subject().tasks, claimed.run).write(status('TASK_STATE_INPUT_REQUIRED'));
      expect(await runs.release(claimed.run)).toBe('released');
      await beginInterrupted(subject(), context);
      expect(await runs.countWaiting(10, context.owner)).toBe(0);
      expect(await claimOf(context.agent)).toEqual([]);
    });
  });
}
