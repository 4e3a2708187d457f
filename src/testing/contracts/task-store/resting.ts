import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import type { TaskState } from '../../../protocol/model/index.js';
import type { CallContext } from '../../../security/call-context.js';
import type { SettledTasks } from '../../../tasks/task-store.interface.js';
import {
  at,
  begin,
  beginInterrupted,
  caller,
  chunk,
  HOUR,
  incoming,
  newTask,
  pause,
  pushConfig,
  status,
  type Writer,
} from '../fixtures.js';
import type { Subject } from '../open-suite.js';

const COMPLETED = 'TASK_STATE_COMPLETED';
const ASKING = 'TASK_STATE_INPUT_REQUIRED';
/** Ago, in ms, that is over after `past()`. */
const FOR_MS = 10;

/** An agent that no other test has: these methods see the tasks of all callers. */
const ownAgent = (): CallContext => caller({ agent: `agent-${newId()}` });
const past = (): Promise<void> => pause(2 * FOR_MS);
const restingOf = ({ agent }: CallContext, state: TaskState, forMs = FOR_MS): SettledTasks => ({ agent, state, forMs });

/** What becomes of tasks that have ended or wait, after some time. */
export function resting(subject: Subject): void {
  const ended = async (context: CallContext, state: TaskState = COMPLETED, at?: string): Promise<Writer> => {
    const writer = await begin(subject(), context);
    await writer.write(chunk('a'), chunk('b'), status(state, { at }));
    return writer;
  };
  const ids = async (context: CallContext): Promise<string[]> =>
    (await subject().tasks.list(context, {})).tasks.map(({ id }) => id);

  describe('deleteEnded', () => {
    it('deletes tasks of one agent and one state that ended long enough ago, as many as it may', async () => {
      const { tasks } = subject();
      const context = ownAgent();
      const running = await begin(subject(), context);
      const waiting = await beginInterrupted(subject(), context);
      const failed = await ended(context, 'TASK_STATE_FAILED');
      const other = ownAgent();
      const theirs = await ended(other);
      for (let n = 0; n < 3; n++) await ended({ ...context, owner: newId(), tenant: `t${n}` });
      await past();
      const left = async (): Promise<string[]> => [...(await ids(context)), ...(await ids(other))].sort();
      const kept = [running, waiting, failed, theirs].map(({ run }) => run.taskId).sort();
      const deleted: number[] = [];
      for (let n = 0; n < 3; n++) deleted.push(await tasks.deleteEnded(restingOf(context, COMPLETED), 2));
      expect(deleted).toEqual([2, 1, 0]);
      expect(await left()).toEqual(kept);
      for (const state of ['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING', ASKING] as const) {
        expect(await tasks.deleteEnded(restingOf(context, state), 10)).toBe(0);
      }
      expect(await left()).toEqual(kept);
      expect(await tasks.deleteEnded(restingOf(context, 'TASK_STATE_FAILED', HOUR), 10)).toBe(0);
      expect(await tasks.deleteEnded(restingOf(context, 'TASK_STATE_FAILED'), 10)).toBe(1);
      expect(await left()).toEqual(kept.filter((id) => id !== failed.run.taskId));
    });

    it('begins with those that ended first, by its own clock', async () => {
      const { tasks } = subject();
      const context = ownAgent();
      const later = await begin(subject(), context);
      const first = await ended(context, COMPLETED, at(60));
      await past();
      await later.write(status(COMPLETED, { at: at(0) }));
      await past();
      expect(await tasks.deleteEnded(restingOf(context, COMPLETED), 1)).toBe(1);
      expect(await ids(context)).toEqual([later.run.taskId]);
      expect(await tasks.head(context, first.run.taskId)).toBeUndefined();
    });

    it('leaves nothing of a task but the ids of its messages, until they are forgotten', async () => {
      const { tasks, inbox, runs } = subject();
      const context = ownAgent();
      const writer = await begin(subject(), context, { messageId: 'first', digest: 'd' });
      const { taskId } = writer.run;
      await inbox.put(context, taskId, incoming('x', { messageId: 'second' }), 'd', 10);
      await writer.write(status(COMPLETED));
      await past();
      expect(await tasks.deleteEnded(restingOf(context, COMPLETED), 10)).toBe(1);
      expect(await tasks.get(context, taskId)).toBeUndefined();
      expect(await tasks.eventsAfter(context, taskId, 0)).toBeUndefined();
      expect((await tasks.list(context, {})).totalSize).toBe(0);
      expect(await writer.append(chunk('b'))).toMatchObject({ ok: false, reason: 'missing' });
      expect(await runs.release(writer.run)).toBe('fenced');
      for (const messageId of ['first', 'second']) {
        expect(await tasks.byMessageId(context, messageId)).toEqual({ taskId, digest: 'd' });
      }
      const repeated = await tasks.create(context, newTask({ messageId: 'first', digest: 'd' }));
      expect(repeated).toEqual({ created: false, taskId, sameContent: true });
      while ((await tasks.forgetMessages(FOR_MS, 1000)) > 0);
      for (const messageId of ['first', 'second']) {
        expect(await tasks.create(context, newTask({ messageId, digest: 'd' }))).toMatchObject({ created: true });
      }
    });

    it('waits for deliveries that are owed, not for those that were given up', async () => {
      const { tasks, pushConfigs, outbox } = subject();
      const context = ownAgent();
      const writer = await begin(subject(), context);
      const { taskId } = writer.run;
      await pushConfigs.put(context, taskId, pushConfig('kept'), 5);
      await pushConfigs.put(context, taskId, pushConfig('given-up'), 5);
      await writer.write(status(COMPLETED));
      await past();
      const expire = (): Promise<number> => tasks.deleteEnded(restingOf(context, COMPLETED), 10);
      expect(await expire()).toBe(0);
      const taken = (await outbox.take(1000, 0)).filter(({ event }) => event.taskId === taskId);
      const of = (config: string): string => taken.find((entry) => entry.config.id === config)?.id ?? '';
      await outbox.complete([of('kept')]);
      expect(await expire()).toBe(0);
      await outbox.deadLetter(of('given-up'), 'gone');
      expect(await expire()).toBe(1);
      expect(await pushConfigs.list(context, taskId)).toBeUndefined();
    });

    it('never deletes a task twice, however many delete', async () => {
      const { tasks } = subject();
      const context = ownAgent();
      for (let n = 0; n < 20; n++) await ended(context);
      await past();
      const deleted = await Promise.all([1, 2, 3, 4].map(() => tasks.deleteEnded(restingOf(context, COMPLETED), 20)));
      expect(deleted.reduce((sum, count) => sum + count, 0)).toBe(20);
    });
  });

  describe('trimEnded', () => {
    it('trims the logs of such tasks, once; the tasks stay what they were', async () => {
      const { tasks } = subject();
      const context = ownAgent();
      const running = await begin(subject(), context);
      const young = await ended(context, 'TASK_STATE_CANCELED');
      const old = [await ended(context), await ended(context), await ended(context)];
      await past();
      const before = await Promise.all(old.map(({ run }) => tasks.get(context, run.taskId)));
      const trimmed: number[] = [];
      for (let n = 0; n < 3; n++) trimmed.push(await tasks.trimEnded(restingOf(context, COMPLETED), 2));
      expect(trimmed).toEqual([2, 1, 0]);
      expect(await tasks.trimEnded(restingOf(context, 'TASK_STATE_CANCELED', HOUR), 2)).toBe(0);
      for (const [index, { run }] of old.entries()) {
        const after = await tasks.get(context, run.taskId);
        expect(after?.task).toEqual(before[index]?.task);
        expect(after?.head).toMatchObject({ lastSeq: 4, trimmedSeq: 4 });
        const page = await tasks.eventsAfter(context, run.taskId, 2);
        expect(page).toEqual({ events: [], lastSeq: 4, trimmed: true });
      }
      for (const { run } of [running, young]) {
        expect(await tasks.head(context, run.taskId)).toMatchObject({ trimmedSeq: 0 });
      }
    });

    it('leaves tasks alone that have not ended', async () => {
      const { tasks } = subject();
      const context = ownAgent();
      const { run } = await beginInterrupted(subject(), context);
      await past();
      expect(await tasks.trimEnded(restingOf(context, ASKING), 10)).toBe(0);
      expect(await tasks.head(context, run.taskId)).toMatchObject({ trimmedSeq: 0 });
    });
  });

  describe('expiredInputRequired', () => {
    it('finds tasks that have waited for their clients long enough', async () => {
      const { tasks } = subject();
      const context = ownAgent();
      await begin(subject(), context);
      await ended(context);
      const asking = [await beginInterrupted(subject(), context), await beginInterrupted(subject(), context)];
      expect(await tasks.expiredInputRequired(restingOf(context, ASKING, HOUR), 10)).toEqual([]);
      await past();
      const found = await tasks.expiredInputRequired(restingOf(context, ASKING), 10);
      const heads = await Promise.all(asking.map(({ run }) => tasks.head(context, run.taskId)));
      expect(found).toEqual(heads);
      expect(await tasks.expiredInputRequired(restingOf(context, ASKING), 1)).toEqual(heads.slice(0, 1));
      for (const state of ['TASK_STATE_AUTH_REQUIRED', 'TASK_STATE_SUBMITTED', COMPLETED] as const) {
        expect(await tasks.expiredInputRequired(restingOf(context, state), 10)).toEqual([]);
      }
    });

    it('leaves out those that somebody works on or will, and those whose answer has come', async () => {
      const { tasks, inbox, runs } = subject();
      const context = ownAgent();
      const asked = await begin(subject(), context);
      await asked.write(status(ASKING));
      const handedBack = await begin(subject(), context);
      await handedBack.write(status(ASKING));
      await runs.requeue(handedBack.run, { delayMs: HOUR });
      const { run } = await beginInterrupted(subject(), context);
      await inbox.put(context, run.taskId, incoming('x'), 'd', 10);
      await past();
      expect(await tasks.expiredInputRequired(restingOf(context, ASKING), 10)).toEqual([]);
    });

    it('counts the time anew after each answer', async () => {
      const { tasks } = subject();
      const context = ownAgent();
      const writer = await begin(subject(), context);
      await writer.write(status(ASKING));
      await past();
      await writer.write(status('TASK_STATE_WORKING'));
      await writer.write(status(ASKING, { at: '2020-01-01T00:00:00.000Z' }));
      await subject().runs.release(writer.run);
      expect(await tasks.expiredInputRequired(restingOf(context, ASKING, HOUR), 10)).toEqual([]);
    });
  });
}
