import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agentOf } from '../../test/support/agent-of.js';
import { TestApp } from '../../test/support/test-app.js';
import { WebhookReceiver } from '../../test/support/webhook.receiver.js';
import type { RequestContext } from '../agents/request-context.js';
import type { SendMessageRequest, Task, TaskPushNotificationConfig } from '../protocol/model/index.js';
import { caller, strangersTo, userMessage } from '../testing/contracts/fixtures.js';
import { REQUEST_HANDLER, type RequestHandler } from './request-handler.interface.js';

const context = caller({ agent: 'test', tenant: 'acme' });
const old = { ...context, protocolVersion: '0.3' as const };
const notFound = { reason: 'TASK_NOT_FOUND' };

describe('the operations on push notification configs', () => {
  let app: TestApp;
  let handler: RequestHandler;
  let receiver: WebhookReceiver;
  let url = '';
  const told: RequestContext['configuration'][] = [];

  beforeAll(async () => {
    const ask = agentOf(
      async ({ userText, configuration }, updater) => {
        told.push(configuration);
        await (userText === 'end' ? updater.complete('done') : updater.requiresInput('more?'));
      },
      { replies: 'either' },
    );
    const dumb = agentOf(async () => undefined, { id: 'dumb', default: false, pushNotifications: false });
    const plain = agentOf(async (_, updater) => updater.reply('hi'), {
      id: 'plain',
      default: false,
      replies: 'message',
    });
    receiver = await WebhookReceiver.start();
    url = receiver.url();
    const pushNotifications = { maxConfigsPerTask: 3, allowedHosts: ['127.0.0.1'] };
    app = await TestApp.start({ agents: [ask, dumb, plain], pushNotifications });
    handler = app.app.get<RequestHandler>(REQUEST_HANDLER, { strict: false });
  });
  afterAll(async () => {
    await app.close();
    await receiver.stop();
  });

  async function send(text: string, fields = {}, push?: object, by = context): Promise<Task> {
    const configuration = push && { historyLength: 5, taskPushNotificationConfig: push as TaskPushNotificationConfig };
    const request: SendMessageRequest = { message: userMessage(text, fields), configuration };
    const answer = await handler.sendMessage(request, by);
    if (!('task' in answer)) throw new Error('A task was expected.');
    return answer.task;
  }
  const create = (taskId: string, config: object = {}, by = context) =>
    handler.createTaskPushNotificationConfig({ taskId, url, ...config }, by);
  const get = (taskId: string, id: string, by = context) => handler.getTaskPushNotificationConfig({ taskId, id }, by);
  const list = async (taskId: string, by = context) =>
    (await handler.listTaskPushNotificationConfigs({ taskId }, by)).configs;
  const remove = (taskId: string, id: string, by = context) =>
    handler.deleteTaskPushNotificationConfig({ taskId, id }, by);

  it('G2, G3, G11: give back the config with an id, and without its secrets by Get and by List', async () => {
    const { id: taskId } = await send('hi');
    const authentication = { scheme: 'Bearer', credentials: 'c' };
    const created = await create(taskId, { token: 't', authentication });
    expect(created).toStrictEqual({ tenant: 'acme', taskId, id: created.id, url, token: 't', authentication });
    const shown = { tenant: 'acme', taskId, id: created.id, url, authentication: { scheme: 'Bearer' } };
    expect(await get(taskId, created.id ?? '')).toStrictEqual(shown);
    expect(await list(taskId)).toStrictEqual([shown]);
  });

  it('replace the config whose id is given again', async () => {
    const { id: taskId } = await send('hi');
    await create(taskId, { id: 'a', token: 't' });
    await create(taskId, { id: 'a' });
    expect(await list(taskId)).toStrictEqual([{ tenant: 'acme', taskId, id: 'a', url }]);
  });

  it('G5: delete as often as they are asked to', async () => {
    const { id: taskId } = await send('hi');
    await create(taskId, { id: 'a' });
    await remove(taskId, 'a');
    await remove(taskId, 'a');
    await remove(taskId, 'never there');
    await expect(get(taskId, 'a')).rejects.toMatchObject(notFound);
    expect(await list(taskId)).toEqual([]);
  });

  it('G3, G11: answer a stranger, and a task that is not there, alike', async () => {
    const { id: taskId } = await send('hi');
    await create(taskId, { id: 'a', authentication: { scheme: 'Bearer', credentials: 'secret' } });
    const strangers = strangersTo(context).filter(({ agent }) => agent === 'test');
    const asked = [...strangers.map((by) => [taskId, by] as const), ['nowhere', context] as const];
    for (const [id, by] of asked) {
      for (const refused of [create(id, { id: 'a' }, by), get(id, 'a', by), list(id, by), remove(id, 'a', by)]) {
        await expect(refused).rejects.toMatchObject(notFound);
      }
    }
    expect(await list(taskId)).toMatchObject([{ id: 'a', authentication: { scheme: 'Bearer' } }]);
  });

  it('refuse more configs than a task may have, and say what to do', async () => {
    const { id: taskId } = await send('hi', {}, { url, id: '0' });
    for (const id of ['1', '2', '1']) await create(taskId, { id });
    const full = { reason: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('3 push notification configs') };
    await expect(create(taskId, { id: '3' })).rejects.toMatchObject(full);
    await expect(send('hi', { taskId }, { url, id: '3' })).rejects.toMatchObject(full);
    await send('hi', { taskId }, { url, id: '2' });
  });

  it('refuse urls and secrets that cannot be used, by the names of the fields', async () => {
    const { id: taskId } = await send('hi');
    const refused = (field: string) => ({ reason: 'INVALID_PARAMS', violations: [{ field }] });
    await expect(create(taskId, { url: 'http://127.0.0.2/' })).rejects.toMatchObject(refused('url'));
    await expect(create(taskId, { token: 'a\nb' })).rejects.toMatchObject(refused('token'));
    const inline = 'configuration.taskPushNotificationConfig';
    await expect(send('hi', {}, { url: 'ftp://x' })).rejects.toMatchObject(refused(`${inline}.url`));
    await expect(send('hi', {}, { url, taskId: 'x' })).rejects.toMatchObject(refused(`${inline}.taskId`));
    await expect(send('hi', { taskId }, { url, taskId: 'x' })).rejects.toMatchObject(refused(`${inline}.taskId`));
    await send('hi', { taskId }, { url, taskId });
  });

  it.each(['hi', 'end'])(
    'store the config of the message that makes a task, which it is told of (%s)',
    async (text) => {
      const { id: taskId } = await send(text, {}, { url: receiver.url(`/${text}`), id: 'inline' });
      expect(await list(taskId)).toMatchObject([{ id: 'inline' }]);
      expect(told.at(-1)).toEqual({ historyLength: 5 });
      const [first, second] = await receiver.until(`/${text}`, 2);
      expect(first?.body).toMatchObject({ task: { id: taskId, status: { state: 'TASK_STATE_SUBMITTED' } } });
      expect(second?.body).toMatchObject({ statusUpdate: { taskId } });
    },
  );

  it('store the config of a follow-up, and show it to no agent', async () => {
    const { id: taskId } = await send('hi');
    await send('hi', { taskId }, { url, id: 'later' });
    expect(await list(taskId)).toMatchObject([{ id: 'later' }]);
    expect(told.at(-1)).toEqual({ historyLength: 5 });
  });

  it('store the config of a repeated message once', async () => {
    const first = { messageId: 'once' };
    const { id: taskId } = await send('hi', first, { url });
    await send('hi', first, { url });
    const second = { messageId: 'twice', taskId };
    await send('hi', second, { url });
    await send('hi', second, { url });
    expect(await list(taskId)).toHaveLength(2);
  });

  it('X27: a v0.3 client that names no config means that of its task, else the oldest', async () => {
    const { id: taskId } = await send('hi');
    await expect(get(taskId, '', old)).rejects.toMatchObject(notFound);
    await create(taskId, { id: 'first' });
    expect(await get(taskId, '', old)).toMatchObject({ id: 'first' });
    expect(await create(taskId, {}, old)).toMatchObject({ id: taskId });
    await create(taskId, { url: `${url}/again` }, old);
    expect(await get(taskId, '', old)).toMatchObject({ id: taskId, url: `${url}/again` });
    expect((await list(taskId)).map(({ id }) => id)).toEqual(['first', taskId]);
    await expect(get(taskId, '')).rejects.toMatchObject({ reason: 'INVALID_PARAMS', violations: [{ field: 'id' }] });
    expect(await get(taskId, 'default', old)).toMatchObject({ id: taskId });
    await expect(get(taskId, 'default')).rejects.toMatchObject(notFound);
    await create(taskId, { id: 'default' });
    expect(await get(taskId, 'default', old)).toMatchObject({ id: 'default' });
    await expect(get(taskId, 'other', old)).rejects.toMatchObject(notFound);
  });

  it('G1, C21: are refused, in sends too, by agents whose card does not declare them', async () => {
    const off = { reason: 'PUSH_NOTIFICATION_NOT_SUPPORTED' };
    for (const agent of ['dumb', 'plain']) {
      const by = { ...context, agent };
      for (const refused of [create('x', {}, by), get('x', 'a', by), list('x', by), remove('x', 'a', by)]) {
        await expect(refused).rejects.toMatchObject(off);
      }
      await expect(send('hi', {}, { url }, by)).rejects.toMatchObject(off);
    }
  });
});

describe('a server without push notifications', () => {
  it('refuses them for all agents, and says so in its cards', async () => {
    const agent = agentOf(async () => undefined, { pushNotifications: true });
    const app = await TestApp.start({ agents: [agent], pushNotifications: false });
    try {
      const handler = app.app.get<RequestHandler>(REQUEST_HANDLER, { strict: false });
      await expect(
        handler.createTaskPushNotificationConfig({ taskId: 'x', url: 'https://example.com' }, context),
      ).rejects.toMatchObject({
        reason: 'PUSH_NOTIFICATION_NOT_SUPPORTED',
      });
      const card = await fetch(`${app.origin}/.well-known/agent-card.json`, { headers: { 'A2A-Version': '1.0' } });
      expect(await card.json()).toMatchObject({ capabilities: { pushNotifications: false } });
    } finally {
      await app.close();
    }
  });
});
