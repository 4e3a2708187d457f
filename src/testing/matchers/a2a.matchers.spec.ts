import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '../../protocol/model/index.js';
import { a2aMatchers } from './index.js';

beforeAll(() => expect.extend(a2aMatchers));

const task: Task = {
  id: 't',
  contextId: 'c',
  status: {
    state: 'TASK_STATE_COMPLETED',
    message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'Done, ' }, { text: 'Ada.' }] },
  },
  artifacts: [{ artifactId: 'a', name: 'greeting', parts: [{ text: 'Hello, ' }, { text: 'Ada!' }] }],
};
const reply = { message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'Hi.' }] } };

describe('the matchers', () => {
  it('pass for what a task has', () => {
    expect(task).toHaveTaskState('COMPLETED');
    expect({ task }).toHaveTaskState('TASK_STATE_COMPLETED');
    expect(task).toHaveArtifact('greeting');
    expect(task).toHaveArtifact('a');
    expect(task).toHaveArtifactText('Hello, Ada!');
    expect(task).toHaveArtifactText(/ada/i, 'greeting');
    expect(task).toHaveStatusText('Done, Ada.');
    expect(reply).toHaveReply('Hi.');
  });

  it('do not pass for what it does not have', () => {
    expect(task).not.toHaveTaskState('FAILED');
    expect(reply).not.toHaveTaskState('COMPLETED');
    expect(task).not.toHaveArtifact('report');
    expect(task).not.toHaveArtifactText('Hello');
    expect(task).not.toHaveArtifactText('Hello, Ada!', 'report');
    expect(task).not.toHaveStatusText('Done');
    expect(task).not.toHaveReply('Hi.');
  });

  it('say what there is when they fail', () => {
    expect(() => expect(task).toHaveTaskState('FAILED')).toThrow('There is: TASK_STATE_COMPLETED "Done, Ada."');
    expect(() => expect(task).toHaveArtifact('report')).toThrow('There is: greeting: "Hello, Ada!"');
    expect(() => expect(reply).not.toHaveReply(/Hi/)).toThrow('Expected the answer not to be a Message');
  });

  it('refuse what can have no state, also with not, so that a forgotten await is noticed', () => {
    expect(() => expect(Promise.resolve(task)).not.toHaveTaskState('FAILED')).toThrow('a Promise: await it');
    expect(() => expect(undefined).not.toHaveArtifact('a')).toThrow('was given undefined');
  });
});
