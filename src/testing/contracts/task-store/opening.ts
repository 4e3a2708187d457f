import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import { agentMessage, begin, caller, chunk, status, strangersTo, userMessage } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

const LARGE = 'x'.repeat(400_000);

export function opening(subject: Subject): void {
  describe('open', () => {
    it.each([
      ['small', 'text'],
      ['large', LARGE],
    ])('gives the head of a %s task, and its content as of that head', async (_name, text) => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { history: [userMessage(text)] });
      await writer.write(status('TASK_STATE_WORKING', { message: agentMessage(text) }), chunk(text));
      const { taskId } = writer.run;
      const before = await tasks.get(context, taskId);
      const opened = await tasks.open(context, taskId);
      expect(opened?.head).toEqual(await tasks.head(context, taskId));
      await writer.write(chunk('more'), status('TASK_STATE_COMPLETED'));
      // As of the head, or not at all, whatever was appended since.
      const read = await opened?.read();
      if (read !== undefined) expect(read).toEqual(before?.task);
      const again = await tasks.open(context, taskId);
      expect(again?.head.lastSeq).toBe(writer.lastSeq);
      expect(await again?.read()).toEqual((await tasks.get(context, taskId))?.task);
    });

    it('finds nothing of others, and nothing that is not there', async () => {
      const { tasks } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      for (const stranger of strangersTo(context)) expect(await tasks.open(stranger, run.taskId)).toBeUndefined();
      for (const id of [newId(), 'no-task', '']) expect(await tasks.open(context, id)).toBeUndefined();
    });

    it('gives no content of a large task that was deleted since, and all of one that was trimmed', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { history: [userMessage(LARGE)] });
      await writer.write(chunk(LARGE), status('TASK_STATE_COMPLETED'));
      const { taskId } = writer.run;
      const whole = (await tasks.get(context, taskId))?.task;
      const opened = await tasks.open(context, taskId);
      await tasks.trim(taskId, writer.lastSeq);
      const read = await opened?.read();
      if (read !== undefined) expect(read).toEqual(whole);
      const trimmed = await tasks.open(context, taskId);
      expect(await trimmed?.read()).toEqual(whole);
      await tasks.delete(context, taskId);
      expect(await tasks.open(context, taskId)).toBeUndefined();
    });
  });
}
