import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import type { CallContext } from '../../../security/call-context.js';
import type { ClaimedRun } from '../../../tasks/run-store.interface.js';
import type { RunRef, TaskRecord } from '../../../tasks/task-record.js';
import { begin, beginInterrupted, caller, incoming, newTask, replica, status } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

/** Of a change whose answer was lost, nobody knows whether it happened: it is asked for again. */
export function repeats(subject: Subject): void {
  describe('a change that is asked for twice', () => {
    const headOf = (context: CallContext, { taskId }: RunRef): Promise<TaskRecord | undefined> =>
      subject().tasks.head(context, taskId);

    it('takes the next turn once', async () => {
      const { runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      for (let asked = 0; asked < 3; asked++) expect(await runs.nextTurn(run, 1)).toBe(true);
      expect(await headOf(context, run)).toMatchObject({ turn: 2, attempt: 1, fence: 1 });
      expect(await runs.nextTurn(run, 3)).toBe(false);
      expect(await runs.nextTurn(run, 2)).toBe(true);
      expect(await runs.nextTurn(run, 1)).toBe(false);
      expect(await headOf(context, run)).toMatchObject({ turn: 3 });
    });

    it('releases once: what comes afterwards is not the run’s any more', async () => {
      const { runs, inbox } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const { run } = writer;
      await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
      expect(await runs.release(run)).toBe('released');
      await inbox.put(context, run.taskId, incoming('x'), 'd', 10);
      expect(await runs.release(run)).toBe('released');
      expect(await runs.nextTurn(run, 1)).toBe(false);
      expect(await runs.requeue(run, { delayMs: 0 })).toBe('fenced');
      const head = await headOf(context, run);
      expect(head).toMatchObject({ turn: 1, fence: 1 });
      expect(head?.runOwner).toBeUndefined();
      expect(await runs.claimTurn(context, run.taskId, 'heir')).toMatchObject({ turn: 2, run: { fence: 2 } });
      expect(await runs.release(run)).toBe('fenced');
    });

    it('hands back once, and counts one failure', async () => {
      const { runs } = subject();
      const context = caller({ agent: `agent-${newId()}` });
      const { run } = await begin(subject(), context);
      const options = { delayMs: 0, failed: true };
      for (let asked = 0; asked < 3; asked++) expect(await runs.requeue(run, options)).toBe('waiting');
      const head = await headOf(context, run);
      expect(head).toMatchObject({ turn: 1, attempt: 1, fence: 2 });
      expect(await runs.countWaiting(10, context.owner)).toBe(1);
      const wanted = { limit: 10, agents: new Map([[context.agent, 10]]) };
      const [claimed] = await runs.claimQueued('heir', wanted);
      expect(claimed).toMatchObject({ attempt: 2, failures: 1, crashes: 0, run: { fence: 3 } });
      expect(await runs.requeue(run, options)).toBe('fenced');
      expect(await headOf(context, run)).toMatchObject({ runOwner: 'heir', fence: 3 });
    });

    it('claims once, and leaves the task among the unstarted runs of the replica that claimed it', async () => {
      const { runs, inbox, tasks } = subject();
      const context = caller({ agent: `agent-${newId()}` });
      const [gone, heir] = [await replica(subject(), 0), await replica(subject())];
      const asked = await beginInterrupted(subject(), context);
      await inbox.put(context, asked.run.taskId, incoming('x'), 'd', 10);
      const lost = await begin(subject(), context, { runOwner: gone });
      const waiting = await tasks.create(context, newTask());
      if (!waiting.created) throw new Error('not created');
      const wanted = { limit: 10, agents: new Map([[context.agent, 10]]) };
      const claims: [RunRef, () => Promise<ClaimedRun | undefined>, Partial<TaskRecord>][] = [
        [asked.run, () => runs.claimTurn(context, asked.run.taskId, heir), { turn: 2, attempt: 1, fence: 2 }],
        [lost.run, () => runs.takeover(lost.run.taskId, heir), { turn: 1, attempt: 2, fence: 2 }],
        [waiting.run, async () => (await runs.claimQueued(heir, wanted))[0], { turn: 1, attempt: 1, fence: 2 }],
      ];
      for (const [run, claim, expected] of claims) {
        expect(await claim()).toBeDefined();
        expect(await claim()).toBeUndefined();
        expect(await headOf(context, run)).toMatchObject({ ...expected, runOwner: heir });
      }
      const unstarted = await runs.unstartedRuns(heir, [], 10);
      expect(unstarted.map(({ taskId }) => taskId).sort()).toEqual(claims.map(([run]) => run.taskId).sort());
      for (const record of unstarted) {
        expect(await runs.reclaim(record, heir, heir, true)).toMatchObject({ attempt: record.attempt + 1 });
        expect(await runs.reclaim(record, heir, heir, true)).toBeUndefined();
        expect(await headOf(context, record)).toMatchObject({ attempt: record.attempt + 1, fence: record.fence + 1 });
      }
    });

    it('cancels once: the time of the first wish stays', async () => {
      const { runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      const asked = await runs.requestCancel(context, run.taskId);
      expect(await runs.requestCancel(context, run.taskId)).toEqual(asked);
    });

    it('makes a replica known, keeps it and takes it away, as if asked once', async () => {
      const { runs } = subject();
      const id = newId();
      for (let asked = 0; asked < 2; asked++) await runs.registerReplica(id, 60_000);
      for (let asked = 0; asked < 2; asked++) expect(await runs.renewReplica(id, 60_000)).toBe(true);
      for (let asked = 0; asked < 2; asked++) await runs.removeReplica(id);
      expect(await runs.renewReplica(id, 60_000)).toBe(false);
    });

    it('puts a message into the inbox once', async () => {
      const { inbox } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      const message = incoming('x');
      expect(await inbox.put(context, run.taskId, message, 'd', 10)).toMatchObject({ result: 'queued' });
      const again = { result: 'duplicate', taskId: run.taskId, sameContent: true };
      expect(await inbox.put(context, run.taskId, message, 'd', 10)).toEqual(again);
    });
  });
}
