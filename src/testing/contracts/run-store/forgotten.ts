import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import {
  begin,
  beginInterrupted,
  caller,
  HOUR,
  incoming,
  newTask,
  pause,
  replica,
  status,
  Writer,
} from '../fixtures.js';
import type { Subject } from '../open-suite.js';

/** Below all that goes on with tasks: those on which nobody would act. */
export function forgotten(subject: Subject): void {
  const anAgent = (): string => `agent-${newId()}`;
  const forgottenOf = async (agent: string, forMs = 0): Promise<string[]> => {
    // By the clock of the storage, which may be a little behind.
    await pause(20);
    return (await subject().runs.forgotten(10, [agent], forMs)).map(({ taskId }) => taskId);
  };

  describe('a task on which nobody would act', () => {
    it('is one that works and has no owner, or is to be canceled and has none', async () => {
      const { runs } = subject();
      const context = caller({ agent: anAgent() });
      const at = new Date().toISOString();
      const working = await begin(subject(), context);
      await working.write(status('TASK_STATE_WORKING', { at }));
      const submitted = await begin(subject(), context, { at });
      for (const { run } of [working, submitted]) expect(await runs.release(run)).toBe('released');
      const canceled = await beginInterrupted(subject(), context);
      await runs.requestCancel(context, canceled.run.taskId);
      const expected = [working, submitted, canceled].map(({ run }) => run.taskId);
      expect((await forgottenOf(context.agent)).sort()).toEqual(expected.sort());
      expect(await forgottenOf(context.agent, HOUR)).toEqual([]);
      expect(await forgottenOf(anAgent())).toEqual([]);
      expect(await runs.forgotten(2, [context.agent], 0)).toHaveLength(2);
    });

    it('is none that somebody runs, that waits for a start or its client, for which a message waits, or that has ended', async () => {
      const { runs, tasks, inbox } = subject();
      const context = caller({ agent: anAgent() });
      await begin(subject(), context);
      await begin(subject(), context, { runOwner: await replica(subject(), 0) });
      const waiting = await tasks.create(context, newTask());
      const interrupted = await beginInterrupted(subject(), context);
      const ended = await begin(subject(), context);
      await ended.write(status('TASK_STATE_COMPLETED'));
      const handedBack = await begin(subject(), context);
      await runs.requeue(handedBack.run, { delayMs: HOUR });
      const addressed = await begin(subject(), context);
      await runs.release(addressed.run);
      await inbox.put(context, addressed.run.taskId, incoming('x'), 'd', 10);
      expect(await forgottenOf(context.agent)).toEqual([]);
      for (const run of [interrupted.run, ended.run, handedBack.run, ...(waiting.created ? [waiting.run] : [])]) {
        const head = await tasks.head(context, run.taskId);
        if (head) expect(await runs.adopt(head, 'heir')).toBeUndefined();
        expect(await tasks.head(context, run.taskId)).toEqual(head);
      }
    });

    it('is taken once, as it stands, and counts as lost', async () => {
      const { runs, tasks } = subject();
      const context = caller({ agent: anAgent() });
      const writer = await begin(subject(), context);
      await writer.write(status('TASK_STATE_WORKING'));
      await runs.release(writer.run);
      expect(await runs.adopt({ ...writer.run, fence: 7 }, 'heir')).toBeUndefined();
      const adopted = await runs.adopt(writer.run, 'heir');
      expect(adopted).toMatchObject({ turn: 1, attempt: 2, crashes: 1, lastSeq: 2, run: { fence: 2 } });
      expect(await runs.adopt(writer.run, 'other')).toBeUndefined();
      expect(await forgottenOf(context.agent)).toEqual([]);
      expect(await tasks.head(context, writer.run.taskId)).toMatchObject({ runOwner: 'heir', fence: 2 });
      if (adopted) await new Writer(tasks, adopted.run, adopted.lastSeq).write(status('TASK_STATE_FAILED'));
      expect(await forgottenOf(context.agent)).toEqual([]);
    });

    it('is gone when it is deleted', async () => {
      const { runs, tasks } = subject();
      const context = caller({ agent: anAgent() });
      const { run } = await begin(subject(), context);
      await runs.release(run);
      expect(await forgottenOf(context.agent)).toEqual([run.taskId]);
      await tasks.delete(context, run.taskId);
      expect(await forgottenOf(context.agent)).toEqual([]);
    });
  });
}
