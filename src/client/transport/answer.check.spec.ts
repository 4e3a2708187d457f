import { describe, expect, it } from '@jest/globals';
import { checkAnswer } from './answer.check.js';

const status = { state: 'TASK_STATE_WORKING' };
const message = { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'hi' }] };

describe('checkAnswer', () => {
  it('fills in what servers leave out', () => {
    expect(checkAnswer('Task', { id: 't', status: { message: { ...message, parts: undefined } } })).toEqual({
      id: 't',
      contextId: '',
      status: { state: 'TASK_STATE_UNSPECIFIED', message: { ...message, parts: [] } },
    });
    expect(checkAnswer('ListTasksResponse', { tasks: [{ id: 't', contextId: 'c', status }] })).toMatchObject({
      nextPageToken: '',
      pageSize: 1,
      totalSize: 1,
    });
    expect(checkAnswer('ListTaskPushNotificationConfigsResponse', {})).toEqual({ configs: [], nextPageToken: '' });
  });

  it('takes states of later versions, and authentication as it is', () => {
    expect(checkAnswer('Task', { id: 't', status: { state: 'TASK_STATE_PAUSED' } }).status.state).toBe(
      'TASK_STATE_PAUSED',
    );
    const config = { url: 'u', authentication: { schemes: [] } };
    expect(checkAnswer('TaskPushNotificationConfig', config)).toEqual(config);
  });

  it.each([
    ['Task', 7, 'task must be an object'],
    ['Task', { id: '', status }, 'task.id must be a string'],
    ['Task', { id: 't' }, 'task.status must be an object'],
    ['Task', { id: 't', status: { state: 'working' } }, 'task.status.state is no state of a task'],
    ['Task', { id: 't', status, history: {} }, 'task.history must be a list'],
    ['Task', { id: 't', status, metadata: [] }, 'task.metadata must be an object'],
    ['StreamResponse', {}, 'result must have one of task, message, statusUpdate, artifactUpdate'],
    ['StreamResponse', { task: {}, message: {} }, 'result must have one member only'],
    ['SendMessageResponse', { statusUpdate: {} }, 'result must have task or message'],
    [
      'StreamResponse',
      { message: { ...message, role: 'user' } },
      'result.message.role must be ROLE_USER or ROLE_AGENT',
    ],
    ['StreamResponse', { message: { ...message, parts: ['hi'] } }, 'result.message.parts[0] must be an object'],
    ['StreamResponse', { message: { ...message, extensions: [1] } }, 'result.message.extensions[0] must be a string'],
    ['TaskPushNotificationConfig', { url: 5 }, 'result.url must be a string'],
    ['ListTasksResponse', { pageSize: '5' }, 'result.pageSize must be a number'],
  ] as const)('says what is wrong with a %s: %p', (name, value, problem) => {
    expect(() => checkAnswer(name, value)).toThrow(`The agent's answer is none of A2A: ${problem}.`);
  });
});
