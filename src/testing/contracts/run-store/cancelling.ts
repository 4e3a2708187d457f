import { describe, expect, it } from '@jest/globals';
import { begin, beginInterrupted, caller, chunk, incoming, pause, replica, status, Writer } from '../fixtures.js';
import { type Subject, withPeer } from '../open-suite.js';

export function cancelling(subject: Subject): void {
  describe('requestCancel', () => {
    it('notes the wish once and changes nothing else', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      const before = await tasks.head(context, run.taskId);
      const first = await runs.requestCancel(context, run.taskId);
      expect(first).toEqual({
        ...before,
        cancelRequestedAt: expect.stringMatching(/^\d{4}-.*T.*\.\d{3}Z$/) as unknown,
      });
      await pause(5);
      expect(await runs.requestCancel(context, run.taskId)).toEqual(first);
      expect(await tasks.head(context, run.taskId)).toEqual(first);
    });

    it('keeps the task with its run, which then ends it, also when a message waits', async () => {
      const { tasks, runs, inbox } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const { run } = writer;
      await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
      await inbox.put(context, run.taskId, incoming('x'), 'd', 10);
      await runs.requestCancel(context, run.taskId);
      expect(await runs.release(run)).toBe('canceled');
      expect(await tasks.head(context, run.taskId)).toMatchObject({ runOwner: 'replica-of-no-interest', fence: 1 });
      await writer.write(status('TASK_STATE_CANCELED'));
      expect(await runs.release(run)).toBe('released');
    });

    it('finds the task without an owner, or keeps it with its run: one of them, whenever they meet', async () => {
      const { runs } = subject();
      const context = caller();
      await withPeer(subject(), async (peer) => {
        for (let round = 0; round < 20; round++) {
          const { run } = await begin(subject(), context);
          const [released, asked] = await Promise.all([
            runs.release(run),
            peer.runs.requestCancel(context, run.taskId),
          ]);
          expect([released, asked?.runOwner === undefined]).toEqual(
            released === 'released' ? ['released', true] : ['canceled', false],
          );
        }
      });
    });

    it('returns an ended task as it is', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      await writer.write(status('TASK_STATE_COMPLETED'));
      const head = await tasks.head(context, writer.run.taskId);
      expect(await runs.requestCancel(context, writer.run.taskId)).toEqual(head);
      expect(head?.cancelRequestedAt).toBeUndefined();
    });
  });

  describe('cancelRequests', () => {
    it('are those of the running tasks of one replica', async () => {
      const { runs } = subject();
      const context = caller();
      const [mine, other] = [await replica(subject()), await replica(subject())];
      const asked = await begin(subject(), context, { runOwner: mine });
      await begin(subject(), context, { runOwner: mine });
      const elsewhere = await begin(subject(), context, { runOwner: other });
      const resting = await beginInterrupted(subject(), context, { runOwner: mine });
      for (const { run } of [asked, elsewhere, resting]) await runs.requestCancel(context, run.taskId);
      expect(await runs.cancelRequests(mine)).toEqual([asked.run.taskId]);
      expect(await runs.cancelRequests(other)).toEqual([elsewhere.run.taskId]);
      await asked.write(status('TASK_STATE_CANCELED'));
      expect(await runs.cancelRequests(mine)).toEqual([]);
    });

    it('outlive a change of owner', async () => {
      const { runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context, { runOwner: await replica(subject(), 0) });
      await runs.requestCancel(context, run.taskId);
      const heir = await replica(subject());
      await runs.takeover(run.taskId, heir);
      expect(await runs.cancelRequests(heir)).toEqual([run.taskId]);
    });
  });

  describe('forceClaim', () => {
    it('takes a task from a live owner: the fence rises, turn and attempt stay', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const old = await begin(subject(), context, { runOwner: await replica(subject()) });
      await old.write(chunk('a'));
      const { taskId } = old.run;
      const seized = await runs.forceClaim(context, taskId, 'r2');
      expect(seized).toMatchObject({ lastSeq: 2, turn: 1, attempt: 1, run: { taskId, fence: 2 } });
      expect(await tasks.head(context, taskId)).toMatchObject({ runOwner: 'r2', fence: 2, turn: 1, attempt: 1 });
      expect(await old.append(chunk('late'))).toMatchObject({ ok: false, reason: 'fenced' });
      if (seized) await new Writer(tasks, seized.run, 2).write(status('TASK_STATE_CANCELED'));
      expect(await runs.forceClaim(context, taskId, 'r3')).toBeUndefined();
    });

    it('takes a task that nobody runs', async () => {
      const { runs } = subject();
      const context = caller();
      const { run } = await beginInterrupted(subject(), context);
      expect(await runs.forceClaim(context, run.taskId, 'r2')).toMatchObject({ lastSeq: 2, run: { fence: 2 } });
    });

    it('leaves exactly one terminal event when the run ends at the same moment', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      for (let round = 0; round < 20; round++) {
        const writer = await begin(subject(), context);
        const { taskId } = writer.run;
        const cancel = async (): Promise<boolean> => {
          const seized = await runs.forceClaim(context, taskId, 'r2');
          return (
            seized !== undefined &&
            (await new Writer(tasks, seized.run, seized.lastSeq).append(status('TASK_STATE_CANCELED'))).ok
          );
        };
        const [completed, canceled] = await Promise.all([writer.append(status('TASK_STATE_COMPLETED')), cancel()]);
        expect([completed.ok, canceled].filter(Boolean)).toHaveLength(1);
        const page = await tasks.eventsAfter(context, taskId, 0);
        expect(page?.events.map(({ seq }) => seq)).toEqual([1, 2]);
        expect(page?.events.at(-1)?.terminal).toBe(true);
        const state = completed.ok ? 'TASK_STATE_COMPLETED' : 'TASK_STATE_CANCELED';
        expect((await tasks.head(context, taskId))?.state).toBe(state);
      }
    });
  });
}
