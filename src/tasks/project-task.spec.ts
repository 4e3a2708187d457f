import { describe, expect, it } from '@jest/globals';
import type { Message, Task } from '../protocol/model/index.js';
import { projectTask } from './project-task.js';

const message = (messageId: string): Message => ({ messageId, role: 'ROLE_USER', parts: [{ text: messageId }] });
const task: Task = {
  id: 't',
  contextId: 'c',
  status: { state: 'TASK_STATE_WORKING', timestamp: '2030-01-01T00:00:00.000Z' },
  artifacts: [{ artifactId: 'a', parts: [{ text: 'x' }] }],
  history: [message('1'), message('2'), message('3')],
  metadata: { k: 'v' },
};
const { artifacts: _artifacts, history: _history, ...bare } = task;

describe('projectTask', () => {
  it('leaves the task as it is unless told', () => {
    expect(projectTask(task, {})).toEqual(task);
    expect(Object.keys(projectTask(bare, {}))).toEqual(Object.keys(bare));
  });

  it.each([
    [1, ['3']],
    [2, ['2', '3']],
    [3, ['1', '2', '3']],
    [99, ['1', '2', '3']],
  ])('shows the newest %i messages', (historyLength, ids) => {
    expect(projectTask(task, { historyLength }).history?.map(({ messageId }) => messageId)).toEqual(ids);
  });

  it('has no history key for length 0, nor for a task without one', () => {
    expect(projectTask(task, { historyLength: 0 })).not.toHaveProperty('history');
    expect(projectTask(bare, { historyLength: 5 })).not.toHaveProperty('history');
  });

  it('has artifacts always or never, as told', () => {
    expect(projectTask(task, { includeArtifacts: false })).not.toHaveProperty('artifacts');
    expect(projectTask(task, { includeArtifacts: true }).artifacts).toEqual(task.artifacts);
    expect(projectTask(bare, { includeArtifacts: true }).artifacts).toEqual([]);
    expect(projectTask(task, { historyLength: 0 }).artifacts).toEqual(task.artifacts);
  });

  it('does not change the task', () => {
    const before = JSON.stringify(task);
    projectTask(task, { historyLength: 1, includeArtifacts: false });
    expect(JSON.stringify(task)).toBe(before);
  });
});
