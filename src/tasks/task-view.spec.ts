import { describe, expect, it } from '@jest/globals';
import type { Message, Task } from '../protocol/model/index.js';
import { chunk, status, userMessage } from '../testing/contracts/fixtures.js';
import { CommittedEvent } from './committed-event.js';
import type { PendingEvent } from './pending-event.js';
import { TaskView } from './task-view.js';

const IDS = { taskId: 't', contextId: 'c' };

function task(): Task {
  const history: Message[] = [userMessage('hi')];
  return { id: 't', contextId: 'c', status: { state: 'TASK_STATE_SUBMITTED' }, history };
}

/** A view of a task that has seen event 1. */
function view(...events: PendingEvent[]): TaskView {
  const made = new TaskView(task());
  made.apply(events.map((event, i) => CommittedEvent.of(IDS, i + 2, event)));
  return made;
}

describe('TaskView', () => {
  it('folds what was committed', () => {
    const follow = userMessage('more');
    const made = view(
      chunk('a'),
      chunk('b'),
      status('TASK_STATE_INPUT_REQUIRED'),
      status('TASK_STATE_WORKING', { inbound: follow }),
      status('TASK_STATE_COMPLETED', { metadata: { k: 1 } }),
    );
    expect(made.snapshot()).toMatchObject({
      id: 't',
      contextId: 'c',
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ artifactId: 'out', parts: [{ text: 'a' }, { text: 'b' }] }],
      history: [{ parts: [{ text: 'hi' }] }, follow],
      metadata: { k: 1 },
    });
  });

  it('gives snapshots that later events and their owners do not change', () => {
    const made = view(chunk('a'));
    const before = made.snapshot();
    before?.history?.push(userMessage('mine'));
    before?.artifacts?.[0]?.parts.push({ text: 'mine' });
    made.apply([CommittedEvent.of(IDS, 3, chunk('b')), CommittedEvent.of(IDS, 4, status('TASK_STATE_COMPLETED'))]);
    expect(before?.status.state).toBe('TASK_STATE_SUBMITTED');
    expect(before?.artifacts?.[0]?.parts).toEqual([{ text: 'a' }, { text: 'mine' }]);
    expect(made.snapshot()?.artifacts?.[0]?.parts).toEqual([{ text: 'a' }, { text: 'b' }]);
    expect(made.snapshot()?.history).toHaveLength(1);
  });

  it('lets go of a task that has grown, for good', () => {
    const made = view(chunk('x'.repeat(60_000)));
    expect(made.snapshot()).toBeDefined();
    made.apply([CommittedEvent.of(IDS, 3, chunk('x'.repeat(10_000)))]);
    expect(made.snapshot()).toBeUndefined();
    made.apply([CommittedEvent.of(IDS, 4, status('TASK_STATE_COMPLETED'))]);
    expect(made.snapshot()).toBeUndefined();
  });

  it('has nothing of a task that it was not given', () => {
    const made = new TaskView(undefined);
    made.apply([CommittedEvent.of(IDS, 2, chunk('a'))]);
    expect(made.snapshot()).toBeUndefined();
  });
});
