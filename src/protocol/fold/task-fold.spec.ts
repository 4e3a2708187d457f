import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { artifactUpdate, message, statusUpdate, task } from '../../testing/arbitraries/index.js';
import type { Artifact, Message, Part, Task, TaskEvent, TaskState } from '../model/index.js';
import { TaskFold } from './task-fold.js';

const said = (messageId: string): Message => ({ messageId, role: 'ROLE_AGENT', parts: [{ text: messageId }] });
const newTask = (fields: Partial<Task> = {}): Task => ({
  id: 't',
  contextId: 'c',
  status: { state: 'TASK_STATE_SUBMITTED' },
  ...fields,
});
const status = (state: TaskState, fields: { message?: Message; metadata?: Task['metadata'] } = {}): TaskEvent => ({
  statusUpdate: {
    taskId: 't',
    contextId: 'c',
    status: { state, ...(fields.message && { message: fields.message }) },
    ...(fields.metadata && { metadata: fields.metadata }),
  },
});
const artifact = (
  fields: Partial<Artifact>,
  more: { append?: boolean; metadata?: Task['metadata'] } = {},
): TaskEvent => ({
  artifactUpdate: { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [], ...fields }, ...more },
});
const text = (...texts: string[]): Part[] => texts.map((each) => ({ text: each }));

describe('TaskFold: status', () => {
  it('moves a status message into the history when the next status replaces it, and not before', () => {
    const fold = new TaskFold(newTask()).apply(status('TASK_STATE_WORKING', { message: said('m1') }));
    expect(fold.task.history).toBeUndefined();
    expect(fold.task.status.message?.messageId).toBe('m1');

    fold.apply(status('TASK_STATE_COMPLETED'));
    expect(fold.task.history).toEqual([said('m1')]);
    expect(fold.task.status).toEqual({ state: 'TASK_STATE_COMPLETED' });
  });

  it('puts the message of the status before the client message that answers it', () => {
    const fold = new TaskFold(newTask({ history: [said('m0')] }));
    fold.apply(status('TASK_STATE_INPUT_REQUIRED', { message: said('question') }));
    fold.apply(status('TASK_STATE_WORKING', { message: said('thanks') }), said('answer'));
    fold.apply(status('TASK_STATE_COMPLETED'));
    expect(fold.task.history?.map(({ messageId }) => messageId)).toEqual(['m0', 'question', 'answer', 'thanks']);
  });

  it('merges metadata key by key, the later event winning', () => {
    const fold = new TaskFold(newTask({ metadata: { a: 1, b: 1 } }));
    fold.apply(status('TASK_STATE_WORKING', { metadata: { b: 2 } })).apply(artifact({}, { metadata: { c: 3 } }));
    expect(fold.task.metadata).toEqual({ a: 1, b: 2, c: 3 });
  });

  it('refuses a second task event', () => {
    expect(() => new TaskFold(newTask()).apply({ task: newTask() })).toThrow(TypeError);
  });
});

describe('TaskFold: artifacts', () => {
  it('E12: adds parts to a known artifact, in order', () => {
    const fold = new TaskFold(newTask());
    fold.apply(artifact({ parts: text('1') })).apply(artifact({ parts: text('2', '3') }, { append: true }));
    expect(fold.task.artifacts).toEqual([{ artifactId: 'a', parts: text('1', '2', '3') }]);
  });

  it('makes the artifact of an append to an unknown id', () => {
    const fold = new TaskFold(newTask()).apply(artifact({ parts: text('1') }, { append: true }));
    expect(fold.task.artifacts).toEqual([{ artifactId: 'a', parts: text('1') }]);
  });

  it('replaces the whole artifact without append, and keeps its place', () => {
    const fold = new TaskFold(newTask());
    fold.apply(artifact({ parts: text('old'), name: 'n', metadata: { a: 1 } }));
    fold.apply(artifact({ artifactId: 'b', parts: text('b') }));
    fold.apply(artifact({ parts: text('new') }));
    expect(fold.task.artifacts).toEqual([
      { artifactId: 'a', parts: text('new') },
      { artifactId: 'b', parts: text('b') },
    ]);
  });

  it('takes name and description from the first chunk that has them, merges metadata, unites extensions', () => {
    const fold = new TaskFold(newTask());
    fold.apply(artifact({ extensions: ['x'], metadata: { a: 1, b: 1 } }));
    fold.apply(artifact({ name: 'first', extensions: ['x', 'y'], metadata: { b: 2 } }, { append: true }));
    fold.apply(artifact({ name: 'second', description: 'd' }, { append: true }));
    expect(fold.task.artifacts).toEqual([
      { artifactId: 'a', parts: [], name: 'first', description: 'd', extensions: ['x', 'y'], metadata: { a: 1, b: 2 } },
    ]);
  });

  it('appends to an artifact that the task it was given already had', () => {
    const fold = new TaskFold(newTask({ artifacts: [{ artifactId: 'a', parts: text('1') }] }));
    fold.apply(artifact({ parts: text('2') }, { append: true }));
    expect(fold.task.artifacts).toEqual([{ artifactId: 'a', parts: text('1', '2') }]);
  });
});

describe('TaskFold: any log', () => {
  const events = fc.array(
    fc.oneof(
      fc.tuple(fc.record({ statusUpdate: statusUpdate() }), fc.option(message(), { nil: undefined })),
      fc.tuple(fc.record({ artifactUpdate: artifactUpdate() }), fc.constant(undefined)),
    ),
    { maxLength: 12 },
  );
  const parsed = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

  it('never changes an event: events are shared by all readers', () => {
    fc.assert(
      fc.property(task(), events, (start, log) => {
        const before = JSON.stringify(log);
        const fold = new TaskFold(start);
        for (const [event, inbound] of log) fold.apply(event, inbound);
        expect(JSON.stringify(log)).toBe(before);
      }),
      { numRuns: 100 },
    );
  });

  it('gives the same task from a snapshot in the middle as from the beginning', () => {
    fc.assert(
      fc.property(task(), events, fc.nat(12), (start, log, cut) => {
        const whole = new TaskFold(parsed(start));
        for (const [event, inbound] of log) whole.apply(event, inbound);

        const first = new TaskFold(parsed(start));
        for (const [event, inbound] of log.slice(0, cut)) first.apply(event, inbound);
        const second = new TaskFold(parsed(first.task));
        for (const [event, inbound] of log.slice(cut)) second.apply(event, inbound);

        expect(second.task).toEqual(whole.task);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps every client message and every status message, in the order of the log', () => {
    fc.assert(
      fc.property(events, (log) => {
        const fold = new TaskFold(newTask());
        const expected: Message[] = [];
        let current: Message | undefined;
        for (const [event, inbound] of log) {
          fold.apply(event, inbound);
          if (!('statusUpdate' in event)) continue;
          if (current) expected.push(current);
          if (inbound) expected.push(inbound);
          current = event.statusUpdate.status.message;
        }
        expect(fold.task.history ?? []).toEqual(expected);
        expect(fold.task.status.message).toEqual(current);
      }),
      { numRuns: 100 },
    );
  });
});
