import { describe, expect, it } from '@jest/globals';
import type { AgentEventDraft } from './agent-event-draft.js';
import { fillAgentEvent } from './agent-event.filler.js';

const IDS = { taskId: 'task-1', contextId: 'context-1' };
const fill = (event: unknown) => fillAgentEvent(event as AgentEventDraft, IDS);
const working = { state: 'TASK_STATE_WORKING' };

describe('fillAgentEvent', () => {
  it('completes a status update and its message', () => {
    expect(fill({ statusUpdate: { status: { ...working, message: { parts: [{ text: 'x' }] } } } })).toEqual({
      statusUpdate: {
        ...IDS,
        status: {
          ...working,
          timestamp: expect.any(String),
          message: { ...IDS, messageId: expect.any(String), role: 'ROLE_AGENT', parts: [{ text: 'x' }] },
        },
      },
    });
  });

  it('keeps what is there: ids, own message ids, metadata, references', () => {
    const message = {
      ...IDS,
      messageId: 'm',
      role: 'ROLE_AGENT',
      parts: [{ text: 'x' }],
      metadata: { a: 1 },
      referenceTaskIds: ['t'],
    };
    const event = {
      statusUpdate: {
        ...IDS,
        metadata: { b: 2 },
        status: { ...working, timestamp: '2026-01-01T00:00:00.000Z', message },
      },
    };
    expect(fill(event)).toEqual(event);
  });

  it('leaves the draft as it was', () => {
    const draft = { statusUpdate: { status: { ...working, message: { parts: [{ text: 'x' }] } } } };
    const before = JSON.stringify(draft);
    fill(draft);
    expect(JSON.stringify(draft)).toBe(before);
  });

  it('takes an empty id for a missing one', () => {
    const event = fill({
      artifactUpdate: { taskId: '', contextId: '', artifact: { artifactId: '', parts: [{ text: 'x' }] } },
    });
    expect(event).toMatchObject({
      artifactUpdate: { ...IDS, artifact: { artifactId: expect.stringMatching(/^.{36}$/) } },
    });
  });

  it('completes a task with its status and artifacts', () => {
    expect(fill({ task: { status: working, artifacts: [{ parts: [{ text: 'x' }] }], metadata: { a: 1 } } })).toEqual({
      task: {
        id: 'task-1',
        contextId: 'context-1',
        metadata: { a: 1 },
        status: { ...working, timestamp: expect.any(String) },
        artifacts: [{ artifactId: expect.any(String), parts: [{ text: 'x' }] }],
      },
    });
  });

  it('takes a data part whose value is null', () => {
    expect(fill({ message: { parts: [{ data: null }] } })).toMatchObject({ message: { parts: [{ data: null }] } });
  });

  it.each([
    ['statusUpdate.taskId', { statusUpdate: { taskId: 'other', status: working } }],
    ['statusUpdate.contextId', { statusUpdate: { contextId: 'other', status: working } }],
    ['artifactUpdate.taskId', { artifactUpdate: { taskId: 'other', artifact: { parts: [{ text: 'x' }] } } }],
    [
      'status.message.taskId',
      { statusUpdate: { status: { ...working, message: { taskId: 'other', parts: [{ text: 'x' }] } } } },
    ],
    ['message.contextId', { message: { contextId: 'other', parts: [{ text: 'x' }] } }],
    ['message.taskId', { message: { taskId: 'other', parts: [{ text: 'x' }] } }],
    ['task.id', { task: { id: 'other', status: working } }],
    ['task.contextId', { task: { contextId: 'other', status: working } }],
  ])('refuses a foreign %s', (where, event) => {
    expect(() => fill(event)).toThrow(
      expect.objectContaining({
        reason: 'INVALID_AGENT_RESPONSE',
        message: expect.stringContaining(`${where} is 'other'; the run's is '`),
      }),
    );
  });

  it.each([
    ['value is null', null],
    ['value is an array', []],
    ["value is 'text'", 'text'],
    ['with no member', {}],
    [
      'with the members statusUpdate, message',
      { statusUpdate: { status: working }, message: { parts: [{ text: 'x' }] } },
    ],
    ["of unknown kind 'kind'", { kind: 'status-update' }],
    ['status is undefined', { statusUpdate: {} }],
    ["unknown task state ('working')", { statusUpdate: { status: { state: 'working' } } }],
    [
      "unknown task state ('TASK_STATE_UNSPECIFIED')",
      { statusUpdate: { status: { state: 'TASK_STATE_UNSPECIFIED' } } },
    ],
    ["timestamp is 'soon'", { statusUpdate: { status: { ...working, timestamp: 'soon' } } }],
    ['status.message is a number', { statusUpdate: { status: { ...working, message: 7 } } }],
    ["role 'ROLE_USER'", { message: { role: 'ROLE_USER', parts: [{ text: 'x' }] } }],
    ['messageId is a number', { message: { messageId: 7, parts: [{ text: 'x' }] } }],
    ['a message whose parts are undefined', { message: {} }],
    ['a message without parts', { message: { parts: [] } }],
    ['artifacts are an object', { task: { status: working, artifacts: {} } }],
    ['task is null', { task: null }],
    ['artifact is undefined', { artifactUpdate: {} }],
    ['an artifact without parts', { artifactUpdate: { artifact: { parts: [] } } }],
    ['append without artifactId', { artifactUpdate: { append: true, artifact: { parts: [{ text: 'x' }] } } }],
    ["parts are 'text' instead of an array", { artifactUpdate: { artifact: { parts: 'text' } } }],
    ["parts[0] of an artifact is 'text'", { artifactUpdate: { artifact: { parts: ['text'] } } }],
    ['parts[1] has no content', { artifactUpdate: { artifact: { parts: [{ text: 'x' }, { kind: 'text' }] } } }],
    ['parts[0] has text and data', { artifactUpdate: { artifact: { parts: [{ text: 'x', data: {} }] } } }],
    ['parts[0].text is a number', { artifactUpdate: { artifact: { parts: [{ text: 7 }] } } }],
  ])('refuses an event: %s', (text, event) => {
    expect(() => fill(event)).toThrow(
      expect.objectContaining({ reason: 'INVALID_AGENT_RESPONSE', message: expect.stringContaining(String(text)) }),
    );
  });

  it('X23: refuses the state that is none, which so is never stored', () => {
    const event = { statusUpdate: { status: { state: 'TASK_STATE_UNSPECIFIED' } } };
    expect(() => fill(event)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('TASK_STATE_UNSPECIFIED') }),
    );
  });
});
