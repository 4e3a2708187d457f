import { describe, expect, it } from '@jest/globals';
import type { Message } from '../protocol/model/index.js';
import { agentRun } from '../testing/agent-run.js';

const ENDED = { reason: 'INVALID_AGENT_RESPONSE', message: expect.stringContaining('it takes no more events') };

describe('TaskUpdater', () => {
  it.each([
    ['submit', 'TASK_STATE_SUBMITTED'],
    ['startWork', 'TASK_STATE_WORKING'],
    ['complete', 'TASK_STATE_COMPLETED'],
    ['failed', 'TASK_STATE_FAILED'],
    ['reject', 'TASK_STATE_REJECTED'],
    ['cancel', 'TASK_STATE_CANCELED'],
    ['requiresInput', 'TASK_STATE_INPUT_REQUIRED'],
    ['requiresAuth', 'TASK_STATE_AUTH_REQUIRED'],
  ] as const)('%s sends a status update with %s, the message and the metadata', async (verb, state) => {
    const { updater, sink } = agentRun();
    await updater[verb]('so it is', { metadata: { step: 2 }, timestamp: '2026-01-02T03:04:05+01:00' });
    expect(sink.events).toEqual([
      {
        statusUpdate: {
          taskId: 'task-1',
          contextId: 'context-1',
          metadata: { step: 2 },
          status: {
            state,
            timestamp: '2026-01-02T02:04:05.000Z',
            message: {
              messageId: expect.any(String),
              role: 'ROLE_AGENT',
              taskId: 'task-1',
              contextId: 'context-1',
              parts: [{ text: 'so it is' }],
            },
          },
        },
      },
    ]);
  });

  it('sets the time of a status and leaves out what was not given', async () => {
    const { updater, sink } = agentRun();
    await updater.startWork();
    expect(sink.events).toEqual([
      {
        statusUpdate: {
          taskId: 'task-1',
          contextId: 'context-1',
          status: { state: 'TASK_STATE_WORKING', timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
        },
      },
    ]);
  });

  it('takes parts or a whole message as the status message', async () => {
    const { updater, sink } = agentRun();
    await updater.startWork([{ data: { step: 1 } }]);
    await updater.startWork(updater.newAgentMessage('own', { seen: true }));
    const messages = sink.events.map((event) =>
      'statusUpdate' in event ? event.statusUpdate.status.message : undefined,
    );
    expect(messages).toMatchObject([
      { parts: [{ data: { step: 1 } }] },
      { parts: [{ text: 'own' }], metadata: { seen: true } },
    ]);
  });

  it('adds an artifact with a new id, and appends to it', async () => {
    const { updater, sink } = agentRun();
    const artifactId = await updater.addArtifact('one', {
      name: 'report',
      description: 'd',
      metadata: { a: 1 },
      extensions: ['urn:x'],
    });
    await updater.appendArtifact(artifactId, [{ text: 'two' }]);
    await updater.appendArtifact(artifactId, [], { lastChunk: true });
    const ids = { taskId: 'task-1', contextId: 'context-1' };
    expect(artifactId).toMatch(/^[0-9a-f-]{36}$/);
    expect(sink.events).toEqual([
      {
        artifactUpdate: {
          ...ids,
          artifact: {
            artifactId,
            name: 'report',
            description: 'd',
            metadata: { a: 1 },
            extensions: ['urn:x'],
            parts: [{ text: 'one' }],
          },
        },
      },
      { artifactUpdate: { ...ids, artifact: { artifactId, parts: [{ text: 'two' }] }, append: true } },
      { artifactUpdate: { ...ids, artifact: { artifactId, parts: [] }, append: true, lastChunk: true } },
    ]);
  });

  it('keeps the id an artifact is given', async () => {
    const { updater } = agentRun();
    await expect(updater.addArtifact('x', { artifactId: 'mine' })).resolves.toBe('mine');
  });

  it('refuses to append to an artifact that is not named', async () => {
    const { updater, sink } = agentRun();
    await expect(updater.addArtifact('x', { append: true })).rejects.toThrow('name the artifact it belongs to');
    expect(sink.events).toEqual([]);
  });

  it('builds a message of the agent without sending it', () => {
    const { updater, sink } = agentRun();
    const message: Message = updater.newAgentMessage('hello');
    expect(message).toEqual({
      messageId: expect.any(String),
      taskId: 'task-1',
      contextId: 'context-1',
      role: 'ROLE_AGENT',
      parts: [{ text: 'hello' }],
    });
    expect(sink.events).toEqual([]);
  });

  it('replies with a message that belongs to the context and to no task', async () => {
    const { updater, sink } = agentRun();
    await updater.reply(updater.newAgentMessage('hello'));
    expect(sink.events).toEqual([
      {
        message: {
          messageId: expect.any(String),
          contextId: 'context-1',
          role: 'ROLE_AGENT',
          parts: [{ text: 'hello' }],
        },
      },
    ]);
  });

  it('refuses every verb after a reply', async () => {
    const { updater, sink } = agentRun();
    await updater.reply('hello');
    await expect(updater.reply('again')).rejects.toMatchObject(ENDED);
    await expect(updater.complete()).rejects.toMatchObject(ENDED);
    expect(sink.events).toHaveLength(1);
  });

  it('refuses a reply after an event of the task, also one that is still on its way', async () => {
    const { updater, sink } = agentRun();
    void updater.startWork();
    await expect(updater.reply('hello')).rejects.toThrow('after an event of its task');
    expect(sink.brief).toEqual(['WORKING']);
  });

  it.each(['complete', 'failed', 'reject', 'cancel'] as const)('refuses every verb after %s', async (verb) => {
    const { updater, sink } = agentRun();
    expect(updater.ended).toBe(false);
    await updater[verb]();
    expect(updater.ended).toBe(true);
    await expect(updater.startWork()).rejects.toMatchObject(ENDED);
    await expect(updater.addArtifact('x')).rejects.toMatchObject(ENDED);
    await expect(updater.appendArtifact('a', 'x')).rejects.toMatchObject(ENDED);
    await expect(updater.complete()).rejects.toMatchObject(ENDED);
    await expect(updater.reply('x')).rejects.toMatchObject(ENDED);
    expect(sink.events).toHaveLength(1);
  });

  it('refuses further verbs from the call of the final one on, not from its acceptance', async () => {
    const { updater, sink } = agentRun();
    const completed = updater.complete();
    await expect(updater.addArtifact('late')).rejects.toMatchObject(ENDED);
    await completed;
    expect(sink.brief).toEqual(['COMPLETED']);
  });

  it('stays open after asking for input', async () => {
    const { updater, sink } = agentRun();
    await updater.requiresInput('which one?');
    await updater.addArtifact('a draft');
    expect(sink.brief).toEqual(['INPUT_REQUIRED', 'a draft']);
  });
});
