import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TaskFold } from '../../protocol/fold/task-fold.js';
import type { Message, StreamResponse, Task, TaskEvent, TaskState } from '../../protocol/model/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import { streamResponseToV03, type V03StreamResponse } from '../../protocol/v0-3/index.js';
import { artifactUpdate, hostileJson, statusUpdate, task } from '../../testing/arbitraries/index.js';
import {
  A2AClientError,
  A2AClientInvalidArgsError,
  A2AClientInvalidStateError,
  A2AClientJSONError,
  A2AClientLimitError,
} from '../errors/client.errors.js';
import { ClientTaskManager } from './client-task.manager.js';

const newTask = (fields: Partial<Task> = {}): Task => ({
  id: 't',
  contextId: 'c',
  status: { state: 'TASK_STATE_SUBMITTED' },
  ...fields,
});
const said = (messageId: string, fields: Partial<Message> = {}): Message => ({
  messageId,
  role: 'ROLE_AGENT',
  parts: [{ text: messageId }],
  ...fields,
});
const status = (state: TaskState, message?: Message, taskId = 't', contextId = 'c'): TaskEvent => ({
  statusUpdate: { taskId, contextId, status: { state, ...(message && { message }) } },
});
const chunk = (text: string, append = true): TaskEvent => ({
  artifactUpdate: { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ text }] }, append },
});
const texts = ({ artifacts = [] }: Task): string[] =>
  artifacts.flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));

/** A task's log: it ends with its only terminal state, if it has one. */
const log = (): fc.Arbitrary<TaskEvent[]> =>
  fc
    .tuple(
      task().filter(({ status: { state } }) => !isTerminal(state)),
      fc.array(fc.oneof(fc.record({ statusUpdate: statusUpdate() }), fc.record({ artifactUpdate: artifactUpdate() })), {
        maxLength: 12,
      }),
    )
    .map(([first, events]) => {
      const ids = { taskId: first.id, contextId: first.contextId };
      const own = events.map((event): TaskEvent =>
        'statusUpdate' in event
          ? { statusUpdate: { ...event.statusUpdate, ...ids } }
          : { artifactUpdate: { ...event.artifactUpdate, ...ids } },
      );
      const end = own.findIndex((event) => 'statusUpdate' in event && isTerminal(event.statusUpdate.status.state));
      return [{ task: first }, ...(end < 0 ? own : own.slice(0, end + 1))];
    });

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function folded([first, ...rest]: readonly TaskEvent[]): Task {
  const fold = new TaskFold(json((first as { task: Task }).task));
  for (const event of rest) fold.apply(json(event));
  return fold.task;
}

describe('ClientTaskManager', () => {
  it('has no task before the first event, and says so', () => {
    const manager = new ClientTaskManager();
    expect(manager.getTask()).toBeUndefined();
    expect(() => manager.getTaskOrThrow()).toThrow(A2AClientInvalidStateError);
    expect(() => manager.updateWithMessage(said('m'))).toThrow(A2AClientInvalidStateError);
  });

  it('makes the task that the server has, of whole logs and of events seen again in between', () => {
    fc.assert(
      fc.property(log(), fc.infiniteStream(fc.nat()), (events, random) => {
        const given = json(events);
        const manager = new ClientTaskManager();
        for (const [at, event] of events.entries()) {
          expect(manager.process(event, at + 1)).toBe(true);
          const again = random.next().value % (at + 1);
          expect(manager.process(events[again]!, again + 1)).toBe(false);
        }
        expect(manager.getTask()).toEqual(folded(events));
        expect(manager.lastSeq).toBe(events.length);
        expect(events).toEqual(given);
      }),
      { numRuns: 200 },
    );
  });

  it('makes the same of a snapshot in mid-stream, wherever it comes', () => {
    fc.assert(
      fc.property(log(), fc.nat(), fc.nat(), (events, a, b) => {
        const cut = a % (events.length + 1);
        const resumed = Math.max(cut, 1 + (b % events.length));
        const manager = new ClientTaskManager();
        events.slice(0, cut).forEach((event, at) => manager.process(event, at + 1));
        manager.process({ task: folded(events.slice(0, resumed)) }, resumed);
        events.slice(resumed).forEach((event, at) => manager.process(event, resumed + at + 1));
        expect(manager.getTask()).toEqual(folded(events));
      }),
      { numRuns: 200 },
    );
  });

  it('makes the same of the events of v0.3', () => {
    fc.assert(
      fc.property(log(), (events) => {
        const manager = new ClientTaskManager();
        events.forEach((event, at) => manager.process(json(streamResponseToV03(event, false)), at + 1));
        const direct = new ClientTaskManager();
        const back = json(streamResponseToV03({ task: folded(events) }, true));
        direct.process(back);
        expect(manager.getTask()).toEqual(direct.getTask());
      }),
      { numRuns: 100 },
    );
  });

  it('applies each event where the server numbers none', () => {
    const manager = new ClientTaskManager();
    for (const event of [{ task: newTask() }, chunk('a'), chunk('a')]) manager.process(event);
    expect(texts(manager.getTaskOrThrow())).toEqual(['a', 'a']);
    expect(manager.lastSeq).toBeUndefined();
  });

  it('begins with a task that is known, and leaves that one alone', () => {
    const known = newTask({ artifacts: [{ artifactId: 'a', parts: [{ text: 'x' }] }] });
    const manager = new ClientTaskManager({ task: known });
    manager.process(chunk('y'), 7);
    expect(texts(manager.getTaskOrThrow())).toEqual(['x', 'y']);
    expect(texts(known)).toEqual(['x']);
    expect([manager.taskId, manager.contextId, manager.lastSeq]).toEqual(['t', 'c', 7]);
  });

  it('keeps earlier status messages and those of the client in the history, in their order', () => {
    const manager = new ClientTaskManager();
    manager.process({ task: newTask({ history: [said('first', { role: 'ROLE_USER' })] }) });
    manager.process(status('TASK_STATE_WORKING', said('busy')));
    manager.process(status('TASK_STATE_INPUT_REQUIRED', said('question')));
    manager.updateWithMessage(said('answer', { role: 'ROLE_USER' }));
    expect(manager.getTask()?.status).toEqual({ state: 'TASK_STATE_INPUT_REQUIRED' });
    manager.process(status('TASK_STATE_COMPLETED', said('done')));
    const { history, status: last } = manager.getTaskOrThrow();
    expect(history?.map(({ messageId }) => messageId)).toEqual(['first', 'busy', 'question', 'answer']);
    expect(last.message?.messageId).toBe('done');
  });

  it('collects the messages of an agent that answers without a task', () => {
    const manager = new ClientTaskManager();
    manager.process({ message: said('m1') });
    manager.process({ kind: 'message', messageId: 'm2', role: 'agent', parts: [] });
    expect(manager.messages.map(({ messageId }) => messageId)).toEqual(['m1', 'm2']);
    expect(() => manager.process({ task: newTask() })).toThrow(A2AClientInvalidStateError);
  });

  it('refuses a Message after events of a task', () => {
    const manager = new ClientTaskManager({ task: newTask() });
    expect(() => manager.process({ message: said('m') })).toThrow(A2AClientInvalidStateError);
  });

  it.each([
    ['a second Task', { task: newTask({ id: 'other' }) }, /already set/],
    ['an update of another task', status('TASK_STATE_WORKING', undefined, 'other'), /event of task other/],
    ['an update of another context', status('TASK_STATE_WORKING', undefined, 't', 'other'), /event of context other/],
  ] as [string, StreamResponse, RegExp][])('refuses %s, and stays as it was', (_name, event, message) => {
    const manager = new ClientTaskManager({ task: newTask() });
    expect(() => manager.process(event, 5)).toThrow(A2AClientInvalidArgsError);
    expect(() => manager.process(event, 5)).toThrow(message);
    expect(manager.getTask()).toEqual(newTask());
    expect(manager.lastSeq).toBeUndefined();
  });

  it('holds to the task it was made for, and needs a real id', () => {
    const manager = new ClientTaskManager({ taskId: 'mine' });
    expect(() => manager.process({ task: newTask() })).toThrow(A2AClientInvalidArgsError);
    expect(() => new ClientTaskManager({ taskId: '' })).toThrow(A2AClientInvalidArgsError);
    expect(() => new ClientTaskManager({ contextId: 5 as never })).toThrow(A2AClientInvalidArgsError);
  });

  it('says which event is missing', () => {
    const manager = new ClientTaskManager();
    expect(() => manager.process(chunk('late'), 3)).toThrow('Event 3 came after event 0');
    manager.process({ task: newTask() }, 2);
    expect(() => manager.process(chunk('late'), 4)).toThrow(A2AClientInvalidStateError);
    expect(() => manager.process(chunk('late'), 4)).toThrow('subscribe again from 2');
    manager.process(chunk('now'), 3);
    expect(texts(manager.getTaskOrThrow())).toEqual(['now']);
  });

  it('takes a stream that does not begin with its Task', () => {
    const one = new ClientTaskManager();
    one.process(status('TASK_STATE_WORKING', said('busy')));
    expect(one.getTask()).toEqual({
      id: 't',
      contextId: 'c',
      status: { state: 'TASK_STATE_WORKING', message: said('busy') },
    });
    const other = new ClientTaskManager();
    other.process(chunk('x'));
    expect(other.getTask()).toMatchObject({ id: 't', status: { state: 'TASK_STATE_SUBMITTED' } });
    expect(texts(other.getTaskOrThrow())).toEqual(['x']);
  });

  it('lets nothing change a task that has ended, but its own last snapshot', () => {
    const manager = new ClientTaskManager({ task: newTask() });
    manager.process(status('TASK_STATE_COMPLETED'));
    expect(manager.process(chunk('late'))).toBe(false);
    expect(manager.process(status('TASK_STATE_WORKING'))).toBe(false);
    expect(manager.process({ task: newTask({ status: { state: 'TASK_STATE_WORKING' } }) })).toBe(false);
    expect(manager.getTask()?.status.state).toBe('TASK_STATE_COMPLETED');
    const whole = newTask({ status: { state: 'TASK_STATE_COMPLETED' }, artifacts: [{ artifactId: 'a', parts: [] }] });
    expect(manager.process({ task: whole })).toBe(true);
    expect(manager.getTask()).toEqual(whole);
  });

  it('holds no more than it may, and is as it was before', () => {
    const manager = new ClientTaskManager({ maxCharacters: 400 });
    manager.process({ task: newTask() });
    for (let i = 0; i < 2; i++) manager.process(chunk('x'));
    const before = json(manager.getTask());
    expect(() => manager.process(chunk('x'.repeat(300)))).toThrow(A2AClientLimitError);
    expect(() => manager.updateWithMessage(said('x'.repeat(300)))).toThrow(A2AClientLimitError);
    expect(manager.getTask()).toEqual(before);
    manager.process({ task: newTask() });
    expect(manager.process(chunk('x'.repeat(150)))).toBe(true);
    const messages = new ClientTaskManager({ maxCharacters: 100 });
    messages.process({ message: said('m1') });
    expect(() => messages.process({ message: said('m2') })).toThrow(A2AClientLimitError);
  });

  it('throws nothing but errors of its own, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(hostileJson(), { maxLength: 4 }), fc.boolean(), (events, begun) => {
        const manager = new ClientTaskManager(begun ? { task: newTask() } : {});
        for (const event of events) {
          try {
            manager.process(event as V03StreamResponse);
          } catch (error) {
            expect(error).toBeInstanceOf(A2AClientError);
          }
        }
        const end = manager.getTask();
        if (end) expect(typeof end.id).toBe('string');
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    {},
    { task: {} },
    { statusUpdate: { taskId: 't' } },
    { kind: 'poem' },
    { kind: { toString: 'poem' } },
    null,
    [],
    'task',
    { task: newTask(), message: said('m') },
  ])('says where %j is no event of A2A', (event) => {
    expect(() => new ClientTaskManager().process(event as unknown as StreamResponse)).toThrow(A2AClientJSONError);
  });
});
