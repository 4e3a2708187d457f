import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Gate, agentOf } from '../../test/support/agent-of.js';
import { TestApp } from '../../test/support/test-app.js';
import type { Task } from '../protocol/model/index.js';
import { caller, strangersTo, userMessage } from '../testing/contracts/fixtures.js';
import { REQUEST_HANDLER, type ItemStream, type RequestHandler, type StreamItem } from './request-handler.interface.js';

const context = caller({ agent: 'test' });
const old = { ...context, protocolVersion: '0.3' as const };

async function itemsOf(stream: ItemStream): Promise<StreamItem[]> {
  const items: StreamItem[] = [];
  for await (const batch of stream) items.push(...batch);
  return items;
}

describe('the operations of the protocol', () => {
  let app: TestApp;
  let handler: RequestHandler;
  let gate = new Gate();
  beforeAll(async () => {
    const agent = agentOf(
      async ({ userText }, updater) => {
        await updater.startWork('on it');
        if (userText === 'wait') await gate.opened;
        await (userText === 'ask' ? updater.requiresInput('what?') : updater.complete('done'));
      },
      { inputModes: ['text/plain', 'image/*'] },
    );
    const dumb = agentOf(async () => undefined, { id: 'dumb', default: false, streaming: false });
    app = await TestApp.start({ agents: [agent, dumb], execution: { inboxLimit: 2 } });
    handler = app.app.get<RequestHandler>(REQUEST_HANDLER, { strict: false });
  });
  afterAll(() => app.close());

  async function send(text: string, fields = {}, configuration = {}): Promise<Task> {
    const answer = await handler.sendMessage({ message: userMessage(text, fields), configuration }, context);
    if (!('task' in answer)) throw new Error('A task was expected.');
    return answer.task;
  }
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      (error: unknown) => error,
    );

  it('SendMessage cuts the history, and only that of its answer', async () => {
    const whole = await send('hi');
    expect(whole.history).toHaveLength(2);
    expect((await send('hi', {}, { historyLength: 1 })).history).toEqual([
      expect.objectContaining({ role: 'ROLE_AGENT' }),
    ]);
    const none = await send('hi', {}, { historyLength: 0 });
    expect(none).not.toHaveProperty('history');
    expect((await handler.getTask({ id: none.id }, context)).task.history).toHaveLength(2);
  });

  it('SendMessage answers at once when it is told to, and when its client left', async () => {
    gate = new Gate();
    const now = await send('wait', {}, { returnImmediately: true });
    expect(now.status.state).toBe('TASK_STATE_SUBMITTED');
    const left = AbortSignal.abort();
    const answer = await handler.sendMessage({ message: userMessage('wait') }, context, { signal: left });
    expect(answer).toMatchObject({ task: { status: { state: expect.stringMatching(/SUBMITTED|WORKING/) } } });
    gate.open();
  });

  it('SendMessage refuses what the agent does not take, in parts and in configuration', async () => {
    const parts = [{ text: 'x' }, { raw: 'AA==', mediaType: 'application/pdf' }];
    expect(await refusal(send('', { parts }))).toMatchObject({ reason: 'CONTENT_TYPE_NOT_SUPPORTED' });
    await send('', { parts: [{ raw: 'AA==', mediaType: 'image/png' }] });
  });

  it('SendMessage refuses a follow-up to a task that is not there, is not yours, has ended, or is of another context', async () => {
    const ended = await send('hi');
    const asked = await send('ask');
    const to = (taskId: string, fields = {}) => userMessage('more', { taskId, ...fields });
    const refused = (message: ReturnType<typeof to>, by = context) => refusal(handler.sendMessage({ message }, by));
    expect(await refused(to('nowhere'))).toMatchObject({ reason: 'TASK_NOT_FOUND' });
    for (const stranger of strangersTo(context).filter(({ agent }) => agent === 'test')) {
      expect(await refused(to(asked.id), stranger)).toMatchObject({ reason: 'TASK_NOT_FOUND' });
    }
    expect(await refused(to(ended.id))).toMatchObject({ reason: 'UNSUPPORTED_OPERATION' });
    expect(await refused(to(asked.id, { contextId: 'another' }))).toMatchObject({
      reason: 'INVALID_PARAMS',
      violations: [{ field: 'message.contextId' }],
    });
  });

  it('SendMessage refuses messages beyond those that may wait, and says when to try again', async () => {
    gate = new Gate();
    const { id: taskId } = await send('wait', {}, { returnImmediately: true });
    const waiting = { returnImmediately: true };
    await send('ask', { taskId }, waiting);
    await send('ask', { taskId }, waiting);
    expect(await refusal(send('ask', { taskId }, waiting))).toMatchObject({
      reason: 'RESOURCE_EXHAUSTED',
      retryAfter: 5,
    });
    gate.open();
  });

  it('SendStreamingMessage ends at input-required; SubscribeToTask goes on to the end', async () => {
    const stream = await handler.sendStreamingMessage({ message: userMessage('ask') }, context, {});
    const items = await itemsOf(stream);
    expect(items.map((item) => item.type !== 'message' && item.seq)).toEqual([1, 2, 3]);
    expect(items.map(({ final }) => final)).toEqual([false, false, true]);
    const [first] = items;
    const id = first?.type === 'event' ? first.event.taskId : '';
    const following = itemsOf(await handler.subscribeToTask({ id }, context, {}));
    await send('hi', { taskId: id });
    const [snapshot, ...rest] = await following;
    expect(snapshot).toMatchObject({ type: 'snapshot', seq: 3, final: false });
    expect(rest.at(-1)).toMatchObject({ final: true, event: { state: 'TASK_STATE_COMPLETED' } });
  });

  it('SendStreamingMessage cuts the history of the Task that opens it', async () => {
    const params = { message: userMessage('hi'), configuration: { historyLength: 0 } };
    const [first] = await itemsOf(await handler.sendStreamingMessage(params, context, {}));
    expect(first).toMatchObject({ type: 'snapshot', seq: 1 });
    expect(first).not.toHaveProperty('task.history');
  });

  it('the streams are refused for an agent that does not stream', async () => {
    const dumb = { ...context, agent: 'dumb' };
    const send = handler.sendStreamingMessage({ message: userMessage('hi') }, dumb, {});
    expect(await refusal(send)).toMatchObject({ reason: 'UNSUPPORTED_OPERATION' });
    expect(await refusal(handler.subscribeToTask({ id: 'x' }, dumb, {}))).toMatchObject({
      reason: 'UNSUPPORTED_OPERATION',
    });
  });

  it('SubscribeToTask to a task that has ended: an error in v1.0, the Task in v0.3, the rest of a cut stream in both', async () => {
    const { id } = await send('hi');
    expect(await refusal(handler.subscribeToTask({ id }, context, {}))).toMatchObject({
      reason: 'UNSUPPORTED_OPERATION',
    });
    expect(await itemsOf(await handler.subscribeToTask({ id }, old, {}))).toMatchObject([
      { type: 'snapshot', seq: 3, final: true },
    ]);
    for (const by of [context, old]) {
      const rest = await itemsOf(await handler.subscribeToTask({ id }, by, { lastEventId: '1' }));
      expect(rest).toMatchObject([{ seq: 2 }, { seq: 3, final: true }]);
    }
  });

  it('CancelTask gives the task as it is then', async () => {
    const { id } = await send('ask');
    expect((await handler.cancelTask({ id }, context)).state).toBe('TASK_STATE_CANCELED');
    expect(await refusal(handler.cancelTask({ id }, context))).toMatchObject({ reason: 'TASK_NOT_CANCELABLE' });
  });

  it('GetTask, CancelTask and SubscribeToTask are refused to strangers as if the task were not there', async () => {
    const { id } = await send('ask');
    for (const stranger of strangersTo(context).filter(({ agent }) => agent === 'test')) {
      for (const work of [
        handler.getTask({ id }, stranger),
        handler.cancelTask({ id }, stranger),
        handler.subscribeToTask({ id }, stranger, {}),
      ]) {
        expect(await refusal(work)).toMatchObject({ reason: 'TASK_NOT_FOUND', message: `Task not found: ${id}` });
      }
    }
  });
});
