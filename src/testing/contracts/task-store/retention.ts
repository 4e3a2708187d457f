import { describe, expect, it } from '@jest/globals';
import {
  agentMessage,
  begin,
  beginInterrupted,
  caller,
  chunk,
  HOUR,
  incoming,
  newTask,
  pause,
  status,
} from '../fixtures.js';
import type { Subject } from '../open-suite.js';

export function retention(subject: Subject): void {
  describe('delete', () => {
    it('takes the task away with all that belongs to it', async () => {
      const { tasks, inbox, runs } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const { taskId } = writer.run;
      await writer.write(chunk('a'));
      const put = await inbox.put(context, taskId, incoming('x'), 'd', 10);
      expect(await tasks.delete(context, taskId)).toBe(true);
      expect(await tasks.delete(context, taskId)).toBe(false);
      expect(await tasks.head(context, taskId)).toBeUndefined();
      expect(await tasks.get(context, taskId)).toBeUndefined();
      expect(await tasks.eventsAfter(context, taskId, 0)).toBeUndefined();
      expect((await tasks.list(context, {})).totalSize).toBe(0);
      expect(await inbox.peek(writer.run)).toBeUndefined();
      expect(put.result === 'queued' && (await inbox.waiting(context, taskId, put.id))).toBe(false);
      expect(await writer.append(chunk('b'))).toMatchObject({ ok: false, reason: 'missing' });
      expect(await runs.release(writer.run)).toBe('fenced');
    });
  });

  describe('forgetMessages', () => {
    const forgetAll = async (olderThanMs: number): Promise<void> => {
      while ((await subject().tasks.forgetMessages(olderThanMs, 1000)) > 0);
    };

    it('lets an id be used again when its message is old and its task has ended', async () => {
      const { tasks, inbox } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { messageId: 'first' });
      const { taskId, contextId } = writer.run;
      const followUp = incoming('x', { messageId: 'second', contextId });
      const put = await inbox.put(context, taskId, followUp, 'd', 10);
      await tasks.append({
        run: writer.run,
        firstSeq: 2,
        events: [status('TASK_STATE_COMPLETED', { inbound: followUp.message })],
        ...(put.result === 'queued' && { consumes: put.id }),
      });
      await pause(20);
      await forgetAll(10);
      for (const messageId of ['first', 'second']) {
        expect(await tasks.byMessageId(context, messageId)).toBeUndefined();
        expect(await tasks.create(context, newTask({ messageId, digest: 'other' }))).toMatchObject({ created: true });
      }
      expect((await tasks.get(context, taskId))?.task.history).toHaveLength(2);
    });

    it('keeps those of tasks that have not ended, and those that are young', async () => {
      const { tasks } = subject();
      const context = caller();
      await begin(subject(), context, { messageId: 'running' });
      await beginInterrupted(subject(), context, { messageId: 'waiting' });
      await pause(20);
      await forgetAll(10);
      const young = await begin(subject(), context, { messageId: 'young' });
      await young.write(status('TASK_STATE_COMPLETED'));
      await forgetAll(HOUR);
      for (const messageId of ['running', 'waiting', 'young']) {
        expect(await tasks.byMessageId(context, messageId)).toBeDefined();
      }
    });

    it('forgets no more at once than it may', async () => {
      const { tasks } = subject();
      // What ended in this very millisecond is not older than 0 ms.
      await pause(20);
      await forgetAll(0);
      for (let i = 0; i < 5; i++) {
        const writer = await begin(subject(), caller());
        await writer.write(status('TASK_STATE_COMPLETED'));
      }
      await pause(5);
      const forgotten: number[] = [];
      for (let i = 0; i < 4; i++) forgotten.push(await tasks.forgetMessages(0, 2));
      expect(forgotten).toEqual([2, 2, 1, 0]);
    });
  });

  describe('trim', () => {
    it('drops events of an ended task; the task stays what it was', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { metadata: { a: 1 } });
      const { taskId } = writer.run;
      await writer.write(
        chunk('a'),
        chunk('b'),
        status('TASK_STATE_WORKING', { message: agentMessage('hm') }),
        chunk('c'),
      );
      await writer.write(status('TASK_STATE_COMPLETED', { message: agentMessage('done') }));
      const before = await tasks.get(context, taskId);
      for (const upTo of [3, 2, 6]) {
        await tasks.trim(taskId, upTo);
        const trimmedSeq = upTo === 6 ? 6 : 3;
        const after = await tasks.get(context, taskId);
        expect(after?.task).toEqual(before?.task);
        expect(after).toMatchObject({ seq: 6, head: { lastSeq: 6, trimmedSeq, bytes: before?.head.bytes } });
        const gone = await tasks.eventsAfter(context, taskId, trimmedSeq - 1);
        expect(gone).toEqual({ events: [], lastSeq: 6, trimmed: true });
        const rest = await tasks.eventsAfter(context, taskId, trimmedSeq);
        expect(rest).toMatchObject({ lastSeq: 6, trimmed: false });
        expect(rest?.events.map(({ seq }) => seq)).toEqual([4, 5, 6].slice(trimmedSeq - 3));
      }
      expect((await tasks.list(context, { includeArtifacts: true })).tasks).toEqual([before?.task]);
    });

    it('goes no further than the log', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      await writer.write(status('TASK_STATE_CANCELED'));
      await tasks.trim(writer.run.taskId, 1000);
      expect(await tasks.head(context, writer.run.taskId)).toMatchObject({ lastSeq: 2, trimmedSeq: 2 });
    });

    it('leaves tasks alone that have not ended or are not there', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await beginInterrupted(subject(), context);
      await tasks.trim(writer.run.taskId, 2);
      await tasks.trim('nope', 2);
      expect(await tasks.head(context, writer.run.taskId)).toMatchObject({ lastSeq: 2, trimmedSeq: 0 });
      expect((await tasks.eventsAfter(context, writer.run.taskId, 0))?.events).toHaveLength(2);
    });
  });
}
