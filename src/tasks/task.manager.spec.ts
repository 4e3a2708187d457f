import { describe, expect, it } from '@jest/globals';
import type { StreamResponse, TaskState } from '../protocol/model/index.js';
import { TaskTooLargeError } from './task-too-large.error.js';
import { TaskManager } from './task.manager.js';

const RUN = { taskId: 't', contextId: 'c', owner: 'o', tenant: '', agent: 'a', fence: 1 };
const LIMITS = { maxTaskBytes: 10_000, maxEventBytes: 1_000, maxEventValues: 100 };
const IDS = { taskId: 't', contextId: 'c' };

const manager = (limits = {}, bytes = 0, state: TaskState = 'TASK_STATE_SUBMITTED'): TaskManager =>
  new TaskManager(RUN, { lastSeq: 1, bytes, state }, { ...LIMITS, ...limits });

const statusUpdate = (state: TaskState): StreamResponse => ({ statusUpdate: { ...IDS, status: { state } } });
const chunk = (text: string): StreamResponse => ({
  artifactUpdate: { ...IDS, artifact: { artifactId: 'a', parts: [{ text }] } },
});

describe('TaskManager', () => {
  it('follows the state of what it accepted', () => {
    const task = manager();
    expect([task.state, task.terminal]).toEqual(['TASK_STATE_SUBMITTED', false]);
    task.accept(statusUpdate('TASK_STATE_WORKING'));
    task.accept(chunk('x'));
    expect([task.state, task.terminal]).toEqual(['TASK_STATE_WORKING', false]);
    task.accept(statusUpdate('TASK_STATE_COMPLETED'));
    expect([task.state, task.terminal]).toEqual(['TASK_STATE_COMPLETED', true]);
  });

  it.each<TaskState>(['TASK_STATE_COMPLETED', 'TASK_STATE_FAILED', 'TASK_STATE_CANCELED', 'TASK_STATE_REJECTED'])(
    'refuses every event after %s, its own as well',
    (state) => {
      const task = manager();
      task.accept(statusUpdate(state));
      for (const event of [statusUpdate('TASK_STATE_WORKING'), statusUpdate(state), chunk('x')]) {
        expect(() => task.accept(event)).toThrow(/has ended/);
      }
      expect(() => task.status({ state: 'TASK_STATE_FAILED' }, false)).toThrow(/has ended/);
      expect(task.state).toBe(state);
    },
  );

  it('refuses an event of more JSON values than the limit, and takes one of as many', () => {
    const list = (items: number): StreamResponse => ({
      artifactUpdate: { ...IDS, artifact: { artifactId: 'a', parts: [{ data: Array<number>(items).fill(1) }] } },
    });
    // Besides the items these count: the body, `artifact`, `artifactId`, `parts`, a part and `data`, with their keys.
    const most = 1_000 - 10;
    const limits = { maxEventBytes: 10_000, maxEventValues: 1_000 };
    expect(() => manager(limits).accept(list(most))).not.toThrow();
    expect(() => manager(limits).accept(list(most + 1))).toThrow(
      new TaskTooLargeError('event', 1_001, 1_000, 'values and keys of JSON'),
    );
  });

  it('refuses a Message', () => {
    const message = { messageId: 'm', role: 'ROLE_AGENT' as const, parts: [{ text: 'x' }] };
    expect(() => manager().accept({ message })).toThrow(/its task exists/);
  });

  it('takes nothing of a Task that says only that it is submitted, as is known', () => {
    const submitted = { state: 'TASK_STATE_SUBMITTED' as const };
    const artifacts = [{ artifactId: 'a', parts: [{ text: 'x' }] }];
    const task = { id: 't', contextId: 'c', status: submitted };
    expect(manager().accept({ task })).toEqual([]);
    expect(manager().accept({ task: { ...task, artifacts } })).toHaveLength(1);
    expect(manager().accept({ task: { ...task, metadata: { k: 1 } } })).toHaveLength(1);
    expect(() => manager({}, 0, 'TASK_STATE_WORKING').accept({ task })).toThrow('does not become unstarted');
  });

  it('takes a Task as its artifacts, then its status', () => {
    const task = manager();
    const artifacts = [
      { artifactId: 'a', parts: [{ text: '1' }] },
      { artifactId: 'b', parts: [{ text: '2' }] },
    ];
    const status = { state: 'TASK_STATE_COMPLETED' as const };
    const events = task.accept({ task: { id: 't', contextId: 'c', status, artifacts, metadata: { k: 1 } } });
    expect(events.map(({ kind, state }) => [kind, state])).toEqual([
      ['artifact', undefined],
      ['artifact', undefined],
      ['status', 'TASK_STATE_COMPLETED'],
    ]);
    expect(JSON.parse(events[2]!.data)).toEqual({ status, metadata: { k: 1 } });
    expect(task.terminal).toBe(true);
  });

  it('serialises an event when it takes it: what the agent changes later is not seen', () => {
    const event = chunk('before') as { artifactUpdate: { artifact: { parts: { text: string }[] } } };
    const [pending] = manager().accept(event as unknown as StreamResponse);
    event.artifactUpdate.artifact.parts[0]!.text = 'after';
    expect(pending?.data).toContain('before');
  });

  it('counts bytes, not characters, up to the limit of an event', () => {
    const [pending] = manager().accept(chunk('€'.repeat(100)));
    expect(pending?.bytes).toBe(Buffer.byteLength(pending!.data));
    const room = pending!.bytes;
    expect(() => manager({ maxEventBytes: room }).accept(chunk('€'.repeat(100)))).not.toThrow();
    expect(() => manager({ maxEventBytes: room - 1 }).accept(chunk('€'.repeat(100)))).toThrow(
      new TaskTooLargeError('event', room, room - 1),
    );
  });

  it('counts the bytes of the log before it towards the limit of a task, and keeps what it refused out of the count', () => {
    const { bytes } = manager().accept(chunk('x'))[0]!;
    const task = manager({ maxTaskBytes: 100 + 2 * bytes }, 100);
    task.accept(chunk('x'));
    expect(() => task.accept(chunk('xx'))).toThrow(TaskTooLargeError);
    task.accept(chunk('x'));
    expect(() => task.accept(chunk('x'))).toThrow(TaskTooLargeError);
  });

  it('can end a task that is too large', () => {
    const task = manager({ maxTaskBytes: 1, maxEventBytes: 1 });
    expect(() => task.status({ state: 'TASK_STATE_WORKING' })).toThrow(TaskTooLargeError);
    expect(task.state).toBe('TASK_STATE_SUBMITTED');
    const ended = task.status({ state: 'TASK_STATE_FAILED' }, false);
    expect(ended).toMatchObject({ kind: 'status', state: 'TASK_STATE_FAILED' });
    expect(ended.statusAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});
