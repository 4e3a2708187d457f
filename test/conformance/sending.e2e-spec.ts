import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Message, SendMessageResponse, Task } from '../../src/protocol/model/index.js';
import { allOf, type ConformanceClient, message, stateOf } from './support/conformance.client.js';
import { scriptAgent } from './support/script.agent.js';
import { ALL_SETUPS, ConformanceServer } from './support/setups.js';

const textsOf = (task: Task): string[] =>
  (task.artifacts ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));
const historyOf = (task: Task): string[] =>
  (task.history ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));

describe.each(ALL_SETUPS)('sending over %s', (_, setup) => {
  let server: ConformanceServer;
  let client: ConformanceClient;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, { agents: [scriptAgent()] });
    client = server.client();
  });
  afterAll(() => server.close());

  const answer = (sent: Message, configuration?: object): Promise<SendMessageResponse> =>
    client.result('SendMessage', { message: sent, ...(configuration && { configuration }) });
  const told = async (sent: Message, configuration?: object): Promise<unknown> => {
    const response = await answer(sent, configuration);
    return 'task' in response ? (JSON.parse(textsOf(response.task)[0] ?? '') as unknown) : response;
  };

  it('C1: is answered with a Task or a Message, and with one of them', async () => {
    expect(Object.keys(await answer(message('echo hi')))).toEqual(['task']);
    const direct = await answer(message('message hi'));
    expect(Object.keys(direct)).toEqual(['message']);
    expect(direct).toMatchObject({ message: { role: 'ROLE_AGENT', parts: [{ text: 'hi' }] } });
  });

  it.each([
    ['echo hi', 'TASK_STATE_COMPLETED'],
    ['sleep 20', 'TASK_STATE_COMPLETED'],
    ['fail', 'TASK_STATE_FAILED'],
    ['reject', 'TASK_STATE_REJECTED'],
    ['ask', 'TASK_STATE_INPUT_REQUIRED'],
    ['auth', 'TASK_STATE_AUTH_REQUIRED'],
  ])('C2, B10: %s is answered at %s, not before, with the reason in its message', async (text, state) => {
    const { status } = await client.send(text);
    expect(status.state).toBe(state);
    if (state !== 'TASK_STATE_COMPLETED') expect(status.message?.parts.length).toBeGreaterThan(0);
  });

  it('C3: is answered with all artifacts', async () => {
    const task = await client.send('stream 20 10 1');
    expect(task.artifacts?.[0]?.parts).toHaveLength(20);
    expect(await client.get(task.id)).toEqual(task);
  });

  it('C4: is answered while the agent works when that is asked for', async () => {
    const task = await client.send('sleep 600000', {}, { returnImmediately: true });
    expect(['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING']).toContain(task.status.state);
    expect((await client.get(task.id)).id).toBe(task.id);
    await client.cancel(task.id);
  });

  it('C5: asking for that makes no difference to a Message and a stream', async () => {
    const configuration = { returnImmediately: true };
    expect(await answer(message('message hi'), configuration)).toHaveProperty('message');
    const request = { message: message('sleep 20'), configuration };
    const responses = await allOf(await client.open('SendStreamingMessage', request));
    expect(stateOf(responses.at(-1))).toBe('TASK_STATE_COMPLETED');
  });

  describe('to a task that has ended', () => {
    it.each(['echo hi', 'fail', 'reject', 'hang'])('C6, C20, X11: (by %s) is refused', async (text) => {
      const { id } = await client.send(text, {}, { returnImmediately: text === 'hang' });
      if (text === 'hang') await client.cancel(id);
      const before = await client.get(id);
      const request = { message: message('more', { taskId: id }) };
      for (const operation of ['SendMessage', 'SendStreamingMessage'] as const) {
        expect(await client.failure(operation, request)).toMatchObject({ reason: 'UNSUPPORTED_OPERATION' });
      }
      expect(await client.get(id)).toEqual(before);
    });
  });

  it.each([randomUUID(), 'my-own-id', 'a/b', 'ü'])('C7: a taskId %s that there is not is refused', async (taskId) => {
    const request = { message: message('echo hi', { taskId }) };
    for (const operation of ['SendMessage', 'SendStreamingMessage'] as const) {
      expect(await client.failure(operation, request)).toMatchObject({ reason: 'TASK_NOT_FOUND' });
    }
  });

  it('C8: makes tasks with ids of their own', async () => {
    const tasks = await Promise.all(Array.from({ length: 10 }, () => client.send('echo hi')));
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(10);
    expect(tasks.every(({ id }) => id.length > 0)).toBe(true);
  });

  it('C9: a context that is not of the task is refused, by its field', async () => {
    const { id } = await client.send('ask');
    const request = { message: message('42', { taskId: id, contextId: randomUUID() }) };
    const failure = await client.failure('SendMessage', request);
    expect(failure).toMatchObject({ reason: 'INVALID_PARAMS', fields: ['message.contextId'] });
    expect((await client.get(id)).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  });

  it('C10, C20: a message to a task is answered with that task, in its context', async () => {
    const asked = await client.send('ask');
    const task = await client.send('42', { taskId: asked.id });
    expect(task).toMatchObject({ id: asked.id, contextId: asked.contextId });
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(task.history?.every(({ contextId }) => contextId === asked.contextId)).toBe(true);
  });

  it('C11: a context is made where none is given, for a Task and for a Message', async () => {
    const { contextId } = await client.send('echo hi');
    const direct = await answer(message('message hi'));
    expect(contextId).toMatch(/./);
    expect('message' in direct && direct.message.contextId).toMatch(/./);
    expect((await client.send('echo hi')).contextId).not.toBe(contextId);
  });

  it.each(['my context', randomUUID()])('C12: the context %s is kept', async (contextId) => {
    expect((await client.send('echo hi', { contextId })).contextId).toBe(contextId);
    const direct = await answer(message('message hi', { contextId }));
    expect('message' in direct && direct.message.contextId).toBe(contextId);
  });

  if (!setup.binding.lacks.includes('referenceTaskIds'))
    it('C13: the agent is given the tasks that are referred to', async () => {
      const { id } = await client.send('echo hi');
      expect(await told(message('references', { referenceTaskIds: [id, randomUUID()] }))).toEqual([id]);
    });

  it('C14: a message that is sent again makes no second task', async () => {
    const sent = message('echo hi');
    const [one, two] = [await answer(sent), await answer(sent)];
    expect('task' in one && one.task.id).toBe('task' in two && two.task.id);
  });

  it.each<[fields: object, field: string | RegExp]>([
    [{ parts: [] }, /^message\.(parts|content)$/],
    [{ parts: undefined }, /^message\.(parts|content)$/],
    [{ messageId: '' }, 'message.messageId'],
    [{ messageId: undefined }, 'message.messageId'],
    [{ role: undefined }, 'message.role'],
    ...(setup.binding.json
      ? ([[{ parts: [{ text: 'a' }, { raw: 'not base64!' }] }, /^message\.(parts|content)\[1\]/]] as [object, RegExp][])
      : []),
  ])('C15, J9: %j is refused, by its field', async (fields, field) => {
    const request = { message: { ...message('echo hi'), ...fields } };
    for (const operation of ['SendMessage', 'SendStreamingMessage'] as const) {
      const failure = await client.failure(operation, request);
      expect(failure.reason).toBe('INVALID_PARAMS');
      expect(failure.fields).toEqual([typeof field === 'string' ? field : expect.stringMatching(field)]);
    }
  });

  it('C15: a request without a message is refused, by its field', async () => {
    const failure = await client.failure('SendMessage', {});
    expect(failure).toMatchObject({ reason: 'INVALID_PARAMS', fields: ['message'] });
  });

  it('C16: a part of a media type that the agent does not take is refused', async () => {
    const parts = [{ text: 'a' }, { raw: 'dGNr', mediaType: 'application/x-unsupported' }];
    const request = { message: message('', { parts }) };
    for (const operation of ['SendMessage', 'SendStreamingMessage'] as const) {
      expect(await client.failure(operation, request)).toMatchObject({ reason: 'CONTENT_TYPE_NOT_SUPPORTED' });
    }
  });

  it('C17: the agent is told which forms are accepted', async () => {
    const acceptedOutputModes = ['text/markdown', 'text/plain'];
    expect(await told(message('modes'), { acceptedOutputModes })).toEqual(acceptedOutputModes);
  });

  it('C18: historyLength gives the newest messages, oldest first', async () => {
    const asked = await client.send('ask');
    const cut = await client.send('42', { taskId: asked.id }, { historyLength: 1 });
    expect(historyOf(cut)).toEqual(['42']);
    const whole = historyOf(await client.get(asked.id));
    expect(whole).toHaveLength(3);
    expect([whole[0], whole[2]]).toEqual(['ask', '42']);
    expect(historyOf(await client.get(asked.id, 2))).toEqual(whole.slice(1));
    expect(historyOf(await client.get(asked.id, 100))).toEqual(whole);
  });

  it('C18, X8: historyLength 0 gives none, and no `history`; where it cannot be told from unset, all', async () => {
    const configuration = { historyLength: 0 };
    const { id, history = [] } = await client.send('echo hi', {}, configuration);
    const { result, raw } = await client.call('GetTask', { id, historyLength: 0 });
    const none = setup.binding.lacks.includes('historyLength 0') ? 1 : 0;
    expect(history).toHaveLength(none);
    expect((result as Task).history ?? []).toHaveLength(none);
    if (setup.binding.json) expect(JSON.stringify(raw)).not.toContain('"history"');
  });

  it('C18: a negative historyLength is refused, by its field', async () => {
    const { id } = await client.send('echo hi');
    expect(await client.failure('GetTask', { id, historyLength: -1 })).toMatchObject({
      reason: 'INVALID_PARAMS',
      fields: ['historyLength'],
    });
    const request = { message: message('echo hi'), configuration: { historyLength: -1 } };
    expect(await client.failure('SendMessage', request)).toMatchObject({
      reason: 'INVALID_PARAMS',
      fields: ['configuration.historyLength'],
    });
  });

  it('B13: a task that waits for authorization takes messages, and goes on', async () => {
    const { id } = await client.send('auth');
    expect((await client.send('done', { taskId: id })).status.state).toBe('TASK_STATE_COMPLETED');
  });
});
