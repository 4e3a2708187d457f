import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '../../../security/call-context.js';
import { pendingEvent } from '../../../tasks/pending-event.js';
import type { Stores } from '../../../tasks/stores.js';
import { agentMessage, at, begin, caller, chunk, newTask, status, strangersTo, userMessage } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

/** Five tasks in two contexts, of different states, with status times 1 … 5. */
async function five(stores: Stores, context: CallContext): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 1; n <= 5; n++) {
    const writer = await begin(stores, context, { contextId: n % 2 === 0 ? 'even' : 'odd', at: at(0) });
    const state = n === 5 ? 'TASK_STATE_COMPLETED' : n === 4 ? 'TASK_STATE_INPUT_REQUIRED' : 'TASK_STATE_WORKING';
    await writer.write(chunk(`text ${n}`), status(state, { at: at(n) }));
    ids.push(writer.run.taskId);
  }
  return ids;
}

export function listing(subject: Subject): void {
  describe('list', () => {
    it('gives the newest status first, 50 a page unless told', async () => {
      const context = caller();
      const ids = await five(subject(), context);
      const answer = await subject().tasks.list(context, {});
      expect(answer).toMatchObject({ nextPageToken: '', pageSize: 50, totalSize: 5 });
      expect(answer.tasks.map(({ id }) => id)).toEqual([...ids].reverse());
      expect(answer.tasks[0]).toMatchObject({
        contextId: 'odd',
        status: { state: 'TASK_STATE_COMPLETED', timestamp: at(5) },
      });
    });

    it('orders equal status times by id, the largest first', async () => {
      const { tasks } = subject();
      const context = caller();
      const ids: string[] = [];
      for (let n = 0; n < 6; n++) ids.push((await begin(subject(), context, { at: at(7) })).run.taskId);
      const listed = (await tasks.list(context, {})).tasks.map(({ id }) => id);
      expect(listed).toEqual([...ids].sort().reverse());
    });

    it('filters by context, state and status time, and by all at once', async () => {
      const { tasks } = subject();
      const context = caller();
      const ids = await five(subject(), context);
      const numbers = async (query: Parameters<typeof tasks.list>[1]): Promise<number[]> => {
        const { tasks: found, totalSize } = await tasks.list(context, query);
        expect(totalSize).toBe(found.length);
        return found.map(({ id }) => ids.indexOf(id) + 1);
      };
      expect(await numbers({ contextId: 'even' })).toEqual([4, 2]);
      expect(await numbers({ contextId: 'none' })).toEqual([]);
      expect(await numbers({ status: 'TASK_STATE_WORKING' })).toEqual([3, 2, 1]);
      expect(await numbers({ status: 'TASK_STATE_CANCELED' })).toEqual([]);
      expect(await numbers({ statusTimestampAfter: at(3) })).toEqual([5, 4, 3]);
      expect(await numbers({ statusTimestampAfter: at(3.001) })).toEqual([5, 4]);
      expect(await numbers({ statusTimestampAfter: at(3).replace('Z', '+00:00') })).toEqual([5, 4, 3]);
      expect(await numbers({ contextId: 'odd', status: 'TASK_STATE_WORKING', statusTimestampAfter: at(2) })).toEqual([
        3,
      ]);
    });

    it('takes empty filters and an empty page token as absent', async () => {
      const context = caller();
      await five(subject(), context);
      const answer = await subject().tasks.list(context, { contextId: '', pageToken: '', statusTimestampAfter: '' });
      expect(answer.totalSize).toBe(5);
    });

    it('refuses a status time that is none', async () => {
      const refused = subject().tasks.list(caller(), { statusTimestampAfter: 'yesterday' });
      await expect(refused).rejects.toMatchObject({
        reason: 'INVALID_PARAMS',
        violations: [{ field: 'statusTimestampAfter' }],
      });
    });

    it('shows a caller their own tasks only', async () => {
      const { tasks } = subject();
      const context = caller();
      await five(subject(), context);
      for (const stranger of strangersTo(context)) {
        const { run } = await begin(subject(), stranger, { contextId: 'even' });
        expect((await tasks.list(stranger, { contextId: 'even' })).tasks.map(({ id }) => id)).toEqual([run.taskId]);
      }
      expect((await tasks.list(context, { contextId: 'even' })).totalSize).toBe(2);
    });

    it('has artifacts only when they are asked for, and then always', async () => {
      const { tasks } = subject();
      const context = caller();
      const bare = await begin(subject(), context, { at: at(1) });
      const full = await begin(subject(), context, { at: at(0) });
      await full.write(chunk('text'));
      for (const query of [{}, { includeArtifacts: false }]) {
        expect((await tasks.list(context, query)).tasks.some((task) => 'artifacts' in task)).toBe(false);
      }
      const { tasks: listed } = await tasks.list(context, { includeArtifacts: true });
      expect(listed.map(({ id }) => id)).toEqual([bare.run.taskId, full.run.taskId]);
      expect(listed.map(({ artifacts }) => artifacts)).toEqual([
        [],
        [{ artifactId: 'out', parts: [{ text: 'text' }] }],
      ]);
    });

    it('cuts the history to its newest messages', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { history: [userMessage('1')] });
      await writer.write(status('TASK_STATE_WORKING', { message: agentMessage('2') }), status('TASK_STATE_WORKING'));
      await writer.write(status('TASK_STATE_WORKING', { inbound: userMessage('3') }));
      const texts = async (historyLength?: number): Promise<unknown> => {
        const { tasks: found } = await tasks.list(context, historyLength === undefined ? {} : { historyLength });
        return found[0]?.history?.map(({ parts: [part] }) => part && 'text' in part && part.text);
      };
      expect(await texts()).toEqual(['1', '2', '3']);
      expect(await texts(2)).toEqual(['2', '3']);
      expect(await texts(10)).toEqual(['1', '2', '3']);
      expect('history' in ((await tasks.list(context, { historyLength: 0 })).tasks[0] ?? {})).toBe(false);
    });

    it('gives each task as the fold of its log', async () => {
      const { tasks } = subject();
      const context = caller();
      const task = newTask({ runOwner: 'r', metadata: { a: { b: 1 } } });
      await tasks.create(context, task);
      const run = { ...context, taskId: task.taskId, contextId: task.contextId, fence: 1 };
      await tasks.append({
        run,
        firstSeq: 2,
        events: [chunk('x'), status('TASK_STATE_WORKING', { metadata: { c: 2 } }), chunk('y')],
      });
      const { tasks: listed } = await tasks.list(context, { includeArtifacts: true });
      expect(listed).toEqual([(await tasks.get(context, task.taskId))?.task]);
      expect(listed[0]?.metadata).toEqual({ a: { b: 1 }, c: 2 });
    });

    it('shows what artifact events say of the task, without their artifacts', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { metadata: { a: 1 } });
      const artifact = { artifactId: 'x', parts: [{ text: 'text' }] };
      const update = { taskId: '', contextId: '', artifact, metadata: { b: 2 } };
      await writer.write(pendingEvent({ artifactUpdate: update }), chunk('more', 'x'));
      const [listed] = (await tasks.list(context, {})).tasks;
      expect(listed).not.toHaveProperty('artifacts');
      expect(listed?.metadata).toEqual({ a: 1, b: 2 });
    });
  });
}
