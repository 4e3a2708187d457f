import { describe, expect, it } from '@jest/globals';
import { newId } from '../../protocol/ids.js';
import { pendingEvent } from '../pending-event.js';
import { findTasks } from './decide-on-task.js';
import { newStoredTask, type StoredTask } from './stored-task.js';

const scope = { owner: 'alice', tenant: '', agent: 'shop' };

function queuedTask(): StoredTask {
  const [taskId, contextId] = [newId(), newId()];
  const status = { state: 'TASK_STATE_SUBMITTED' as const, timestamp: new Date().toISOString() };
  const event = pendingEvent({ task: { id: taskId, contextId, status } });
  return newStoredTask(scope, { taskId, contextId, event, messageId: newId(), digest: '' });
}

/** Only its state may be read. */
const endedTask = (): StoredTask =>
  new Proxy(
    { ...queuedTask(), state: 'TASK_STATE_COMPLETED' },
    {
      get(task, name, self) {
        if (name !== 'state') throw new Error(`${String(name)} of an ended task is read`);
        return Reflect.get(task, name, self) as unknown;
      },
    },
  );

describe('findTasks', () => {
  it('finds open tasks, the oldest first, and reads only the state of those that have ended', () => {
    const open = [queuedTask(), queuedTask(), queuedTask()];
    const found = findTasks(
      [endedTask(), ...open, endedTask()],
      { runBy: 'nobody', queued: true, limit: 2 },
      () => true,
    );
    const oldest = open.map(({ taskId }) => taskId).sort();
    expect(found.map(({ taskId }) => taskId)).toEqual(oldest.slice(0, 2));
  });
});
