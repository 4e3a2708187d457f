import { describe, expect, it } from '@jest/globals';
import type { RunAborted } from '../../agents/agent-executor.interface.js';
import { A2AError, internal, invalidAgentResponse } from '../../protocol/errors/index.js';
import { TaskTooLargeError } from '../../tasks/task-too-large.error.js';
import { COMPLETED, outcomeFromAbort, outcomeFromError, statusFromOutcome } from './turn-outcome.js';

const TASK = { taskId: 't', contextId: 'c' };

describe('the ending of a turn whose agent did not end it', () => {
  it.each<[RunAborted['why'], string, string | undefined]>([
    ['canceled', 'TASK_STATE_CANCELED', undefined],
    ['deadline', 'TASK_STATE_FAILED', 'DEADLINE'],
    ['drain', 'TASK_STATE_FAILED', 'SHUTDOWN'],
    ['lost-ownership', 'TASK_STATE_FAILED', 'LOST_OWNERSHIP'],
    ['too-large', 'TASK_STATE_FAILED', 'TASK_TOO_LARGE'],
  ])('aborted by %s: %s, %s', (why, state, reason) => {
    expect(outcomeFromAbort(why)).toMatchObject({ state, ...(reason && { reason }) });
    expect(outcomeFromAbort(why).incident).toBeUndefined();
  });

  it.each<[unknown, string, string]>([
    [new TaskTooLargeError('event', 11, 10), 'TASK_STATE_FAILED', 'TASK_TOO_LARGE'],
    [new A2AError('PERMISSION_DENIED', 'Not yours.'), 'TASK_STATE_REJECTED', 'PERMISSION_DENIED'],
    [new A2AError('UNAUTHENTICATED', 'Who are you?'), 'TASK_STATE_REJECTED', 'UNAUTHENTICATED'],
    [invalidAgentResponse('No parts.'), 'TASK_STATE_FAILED', 'INVALID_AGENT_RESPONSE'],
    [internal(new Error('secret')), 'TASK_STATE_FAILED', 'INTERNAL'],
  ])('failed by %s: %s, %s, with the words of the error, which are for clients', (error, state, reason) => {
    const ending = outcomeFromError(error);
    expect(ending).toEqual({ state, reason, text: (error as Error).message });
  });

  it.each<[unknown]>([
    [new Error('secret')],
    [new TypeError('secret')],
    ['secret'],
    [undefined],
    [null],
    [{ secret: 1 }],
  ])('failed by %p: an incident, without a word of it', (error) => {
    const { state, reason, text, incident } = outcomeFromError(error);
    expect([state, reason]).toEqual(['TASK_STATE_FAILED', 'AGENT_ERROR']);
    expect(incident).toMatch(/^[0-9a-f-]{36}$/);
    expect(text).toBe(`The agent failed. Incident ${incident}.`);
  });

  it('gives each incident an id of its own', () => {
    expect(outcomeFromError('x').incident).not.toBe(outcomeFromError('x').incident);
  });

  it('is a status with a message of the task, for people by its text and for machines by its reason', () => {
    expect(statusFromOutcome(outcomeFromAbort('deadline'), TASK)).toEqual({
      state: 'TASK_STATE_FAILED',
      message: {
        ...TASK,
        messageId: expect.any(String),
        role: 'ROLE_AGENT',
        parts: [{ text: 'The task took longer than its deadline allows.' }],
        metadata: { reason: 'DEADLINE' },
      },
    });
  });

  it('is a bare status when there is nothing to say', () => {
    expect(statusFromOutcome(COMPLETED, TASK)).toEqual({ state: 'TASK_STATE_COMPLETED' });
    expect(statusFromOutcome(outcomeFromAbort('canceled'), TASK)).toEqual({ state: 'TASK_STATE_CANCELED' });
  });

  it('takes the ids of the task and nothing else of what holds them', () => {
    const holder = { ...TASK, sink: {} as object };
    holder.sink = { holder };
    const { message } = statusFromOutcome(outcomeFromAbort('drain'), holder);
    expect(message).not.toHaveProperty('sink');
    expect(message).toMatchObject(TASK);
  });
});
