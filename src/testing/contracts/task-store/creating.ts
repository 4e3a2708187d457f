import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import { at, caller, newTask, strangersTo, incoming } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

export function creating(subject: Subject): void {
  describe('create', () => {
    it('starts a task at seq 1, fence 1, turn 1, attempt 1', async () => {
      const { tasks } = subject();
      const context = caller({ tenant: 'acme' });
      const task = newTask({ runOwner: 'r1', at: at(1), state: 'TASK_STATE_WORKING' });
      const { taskId, contextId, event } = task;
      const created = await tasks.create(context, task);
      if (!created.created) throw new Error('not created');
      expect(created.run).toMatchObject({
        taskId,
        contextId,
        fence: 1,
        owner: context.owner,
        tenant: 'acme',
        agent: 'lab',
      });
      expect(created.event).toMatchObject({
        taskId,
        contextId,
        seq: 1,
        kind: 'task',
        data: event.data,
        state: 'TASK_STATE_WORKING',
      });
      const head = await tasks.head(context, taskId);
      expect(head).toMatchObject({
        taskId,
        contextId,
        owner: context.owner,
        tenant: 'acme',
        agent: 'lab',
        runOwner: 'r1',
      });
      expect(head).toMatchObject({ state: 'TASK_STATE_WORKING', statusAt: at(1), bytes: event.bytes });
      expect(head).toMatchObject({ lastSeq: 1, fence: 1, turn: 1, attempt: 1, trimmedSeq: 0 });
      expect(head?.cancelRequestedAt).toBeUndefined();
    });

    it('leaves a task that waits for a replica without an owner', async () => {
      const { tasks } = subject();
      const context = caller();
      const task = newTask();
      await tasks.create(context, task);
      expect((await tasks.head(context, task.taskId))?.runOwner).toBeUndefined();
      await tasks.delete(context, task.taskId);
    });

    it('answers a messageId that was sent before with its task, and whether the content is the same', async () => {
      const { tasks } = subject();
      const context = caller();
      const first = newTask({ messageId: 'm-1', digest: 'a', runOwner: 'r' });
      await tasks.create(context, first);
      const again = await tasks.create(context, newTask({ messageId: 'm-1', digest: 'a', runOwner: 'r' }));
      expect(again).toEqual({ created: false, taskId: first.taskId, sameContent: true });
      const other = newTask({ messageId: 'm-1', digest: 'b', runOwner: 'r' });
      expect(await tasks.create(context, other)).toEqual({ created: false, taskId: first.taskId, sameContent: false });
      expect(await tasks.head(context, other.taskId)).toBeUndefined();
      expect((await tasks.list(context, {})).totalSize).toBe(1);
    });

    it('makes one task of 50 creates at once with one messageId', async () => {
      const { tasks } = subject();
      const context = caller();
      const results = await Promise.all(
        Array.from({ length: 50 }, () => tasks.create(context, newTask({ messageId: 'same', runOwner: 'r' }))),
      );
      const winners = results.filter((result) => result.created);
      expect(winners).toHaveLength(1);
      const taskId = winners[0]?.created && winners[0].run.taskId;
      const losers = results.filter((result) => !result.created);
      expect(losers).toEqual(Array.from({ length: 49 }, () => ({ created: false, taskId, sameContent: true })));
      expect((await tasks.list(context, {})).totalSize).toBe(1);
    });

    it('takes the same messageId of another owner, tenant or agent as another message', async () => {
      const { tasks } = subject();
      const context = caller();
      for (const one of [context, ...strangersTo(context)]) {
        expect(await tasks.create(one, newTask({ messageId: 'm', runOwner: 'r' }))).toMatchObject({ created: true });
      }
    });

    it('knows a messageId that came to a task by its inbox', async () => {
      const { tasks, inbox } = subject();
      const context = caller();
      const task = newTask({ runOwner: 'r' });
      await tasks.create(context, task);
      await inbox.put(context, task.taskId, incoming('more', { messageId: 'm-2' }), 'd', 10);
      const result = await tasks.create(context, newTask({ messageId: 'm-2', digest: 'd', runOwner: 'r' }));
      expect(result).toEqual({ created: false, taskId: task.taskId, sameContent: true });
    });

    it('finds the task of a messageId for its sender, however it came, and for nobody else', async () => {
      const { tasks, inbox } = subject();
      const context = caller();
      const { taskId, ...task } = newTask({ messageId: 'm-1', digest: 'd-1', runOwner: 'r' });
      await tasks.create(context, { taskId, ...task });
      await inbox.put(context, taskId, incoming('more', { messageId: 'm-2' }), 'd-2', 10);
      expect(await tasks.byMessageId(context, 'm-1')).toEqual({ taskId, digest: 'd-1' });
      expect(await tasks.byMessageId(context, 'm-2')).toEqual({ taskId, digest: 'd-2' });
      expect(await tasks.byMessageId(context, 'm-3')).toBeUndefined();
      for (const stranger of strangersTo(context)) expect(await tasks.byMessageId(stranger, 'm-1')).toBeUndefined();
      await tasks.delete(context, taskId);
      expect(await tasks.byMessageId(context, 'm-1')).toBeUndefined();
      expect(await tasks.byMessageId(context, 'm-2')).toBeUndefined();
    });

    it('never overwrites a task whose id is taken', async () => {
      const { tasks } = subject();
      const [context, other] = [caller(), caller()];
      const task = newTask({ runOwner: 'r', metadata: { mine: true } });
      await tasks.create(context, task);
      for (const one of [context, other]) {
        await expect(tasks.create(one, newTask({ taskId: task.taskId, runOwner: 'r' }))).rejects.toThrow();
      }
      expect((await tasks.get(context, task.taskId))?.task.metadata).toEqual({ mine: true });
      expect(await tasks.head(other, task.taskId)).toBeUndefined();
    });

    it('forgets a messageId with its task', async () => {
      const { tasks } = subject();
      const context = caller();
      const task = newTask({ messageId: 'm', runOwner: 'r' });
      await tasks.create(context, task);
      await tasks.delete(context, task.taskId);
      expect(await tasks.create(context, newTask({ messageId: 'm', runOwner: 'r', taskId: newId() }))).toMatchObject({
        created: true,
      });
    });
  });
}
