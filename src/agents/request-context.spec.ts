import { describe, expect, it } from '@jest/globals';
import type { Message, Task } from '../protocol/model/index.js';
import { agentRun } from '../testing/agent-run.js';

const message = (messageId: string, ...texts: string[]): Message => ({
  messageId,
  role: 'ROLE_USER',
  parts: texts.map((text) => ({ text })),
});

describe('RequestContext', () => {
  it('joins the text parts of the message and skips the others', () => {
    const parts = [{ text: 'a' }, { data: { text: 'no' } }, { text: 'b' }, { url: 'https://x.example/f' }];
    const { context } = agentRun({ message: { ...message('m'), parts } });
    expect(context.userText).toBe('a\nb');
    expect(context.getUserInput(' ')).toBe('a b');
  });

  it('has an empty user text when no part is text', () => {
    const { context } = agentRun({ message: { ...message('m'), parts: [{ data: null }] } });
    expect(context.userText).toBe('');
  });

  it('has the history of the task, oldest first', () => {
    const history = [message('m-1', 'one'), message('m-2', 'two')];
    const currentTask: Task = {
      id: 'task-1',
      contextId: 'context-1',
      status: { state: 'TASK_STATE_WORKING' },
      history,
    };
    expect(agentRun({ message: history[1] as Message, currentTask }).context.history).toEqual(history);
  });

  it('has the message alone as history while nothing is stored', () => {
    const { context } = agentRun({ message: message('m-1', 'one') });
    expect(context.history).toEqual([message('m-1', 'one')]);
    expect(context.currentTask).toBeUndefined();
  });

  it('has empty metadata and configuration when the request has none', () => {
    const { context } = agentRun();
    expect(context.metadata).toEqual({});
    expect(context.configuration).toEqual({});
  });

  it('hands on what the request and the run are', () => {
    const referencedTasks: Task[] = [{ id: 't', contextId: 'c', status: { state: 'TASK_STATE_COMPLETED' } }];
    const fields = {
      metadata: { a: 1 },
      configuration: { acceptedOutputModes: ['text/plain'] },
      referencedTasks,
      turn: 3,
      attempt: 2,
    };
    expect(agentRun(fields).context).toMatchObject({
      ...fields,
      taskId: 'task-1',
      contextId: 'context-1',
      caller: { owner: 'alice' },
    });
  });

  it('is aborted with the run', () => {
    const { context, abort } = agentRun();
    abort.abort(new Error('over'));
    expect(context.signal.aborted).toBe(true);
    expect(context.signal.reason).toEqual(new Error('over'));
  });
});
