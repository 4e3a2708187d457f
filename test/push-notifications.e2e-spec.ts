import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { StreamResponse } from '@a2a-js/sdk';
import { FollowedTasks } from '../examples/push-notifications/followed-tasks.js';
import { createReceiver } from '../examples/push-notifications/receiver.js';
import { LabAgent } from '../examples/lab/lab.agent.js';
import type { Task } from '../src/protocol/model/index.js';
import type { PushNotificationsOptions } from '../src/push-notifications/push-notifications.options.js';
import { Gate, agentOf } from './support/agent-of.js';
import { textMessage, v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';
import { createTestDatabase } from './support/test-database.js';
import { type ReceivedNotification, WebhookReceiver } from './support/webhook.receiver.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));

/** Tries follow each other at once. A receiver that answers is in time, also on a busy machine. */
const QUICK: Partial<PushNotificationsOptions> = {
  allowedHosts: ['127.0.0.0/8'],
  firstRetryMs: 10,
  maxRetryMs: 20,
  pollMs: 20,
  timeoutMs: 3_000,
};

/** `submitted`, `working`, `artifact`, `completed` … in both versions; in v0.3 what the Task is. */
const brief = ({ body }: ReceivedNotification): string => {
  const { task, statusUpdate, artifactUpdate, status } = body as Record<string, { status: { state: string } }>;
  if (artifactUpdate !== undefined) return 'artifact';
  const state = (task?.status ?? statusUpdate?.status ?? (status as unknown as { state: string })).state;
  return state.replace('TASK_STATE_', '').toLowerCase().replace('_', '-');
};
const ended = (received: ReceivedNotification[]): boolean => received.some((one) => brief(one) === 'completed');

let paths = 0;
const newPath = (): string => `/hook-${++paths}`;

describe.each(SETUPS)('push notifications on $adapter with $storage', ({ storage, adapter }) => {
  let app: TestApp;
  let receiver: WebhookReceiver;
  let gate = new Gate();

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const patient = agentOf(
      async ({ userText }, updater) => {
        await updater.startWork('on it');
        await gate.opened;
        if (userText === 'ask') await updater.requiresInput('what?');
        else await updater.complete('done');
      },
      { id: 'patient', default: false },
    );
    const pushNotifications = { ...QUICK, maxAttempts: 4, disableAfter: 2 };
    app = await TestApp.start({ storage, adapter, agents: [LabAgent, patient], pushNotifications });
  });
  afterEach(() => {
    receiver.behave = (response) => response.writeHead(204).end();
  });
  afterAll(async () => {
    await app.close();
    await receiver.stop();
  });

  const VERSIONS = {
    '1.0': async (text: string, config: object, fields = {}, agent = 'lab'): Promise<Task> => {
      const configuration = { taskPushNotificationConfig: config, returnImmediately: agent === 'patient' };
      const params = { message: textMessage(text, fields), configuration };
      return (await app.rpc(agent).result<{ task: Task }>('SendMessage', params)).task;
    },
    '0.3': async (text: string, config: object, fields = {}, agent = 'lab'): Promise<Task> => {
      const configuration = { pushNotificationConfig: config, blocking: agent !== 'patient' };
      return app.rpc(agent, {}).result<Task>('message/send', { message: v03Message(text, fields), configuration });
    },
  };
  const send = VERSIONS['1.0'];
  const get = async (id: string): Promise<Task> => app.rpc('lab').result<Task>('GetTask', { id });

  describe.each(Object.keys(VERSIONS) as (keyof typeof VERSIONS)[])('v%s', (version) => {
    it('G6, G8: come for each status and artifact, in order, from the task itself to its end; of many chunks, the first and the last', async () => {
      const path = newPath();
      const { id } = await VERSIONS[version]('stream 3 8', { url: receiver.url(path), token: 'secret' });
      const received = await receiver.until(path, ended);
      for (const { method, headers } of received) {
        expect(method).toBe('POST');
        expect(headers['x-a2a-notification-token']).toBe('secret');
        expect(headers['content-type']).toBe(version === '1.0' ? 'application/a2a+json' : 'application/json');
      }
      const ids = received.map(({ headers }) => headers['x-a2a-notification-id']);
      if (version === '0.3') {
        // The Task each time; an artifact that something newer followed is left to that.
        const states = ['submitted', 'working', 'completed'];
        expect(received.map(brief).filter((state, n, all) => state !== all[n - 1])).toEqual(states);
        for (const { body } of received) expect(body).toMatchObject({ kind: 'task', id });
        expect(ids).toEqual([...new Set(ids)].sort());
        for (const seq of [1, 2, 6]) expect(ids).toContain(`${id}/${seq}`);
        const [artifact] = received.at(-1)?.body['artifacts'] as { parts: { kind: string; text: string }[] }[];
        expect(artifact?.parts.map(({ kind, text }) => [kind, text.length])).toEqual(Array(3).fill(['text', 8]));
      } else {
        expect(received.map(brief)).toEqual(['submitted', 'working', 'artifact', 'artifact', 'completed']);
        expect(ids).toEqual([1, 2, 3, 5, 6].map((seq) => `${id}/${seq}`));
        const cases = received.map(({ body }) => StreamResponse.fromJSON(body).payload?.$case);
        expect(cases).toEqual(['task', 'statusUpdate', 'artifactUpdate', 'artifactUpdate', 'statusUpdate']);
      }
    });

    it('come from the first event of a follow-up that brings the config', async () => {
      const path = newPath();
      const task = await (version === '1.0'
        ? app.rpc('lab').result<{ task: Task }>('SendMessage', { message: textMessage('ask') })
        : app.rpc('lab', {}).result<Task>('message/send', { message: v03Message('ask') }));
      const taskId = 'task' in task ? task.task.id : task.id;
      await VERSIONS[version]('hello', { url: receiver.url(path) }, { taskId });
      const briefs = (await receiver.until(path, ended)).map(brief);
      if (version === '1.0') expect(briefs).toEqual(['working', 'artifact', 'completed']);
      else expect([...new Set(briefs)]).toEqual(['working', 'completed']);
    });
  });

  it('come from the moment on that a config is made, to each of a task', async () => {
    gate = new Gate();
    const [one, two] = [newPath(), newPath()];
    const { id: taskId } = await send('x', { url: receiver.url(one) }, {}, 'patient');
    await receiver.until(one, 2);
    const authentication = { scheme: 'Bearer', credentials: 'c' };
    await app
      .rpc('patient')
      .result('CreateTaskPushNotificationConfig', { taskId, url: receiver.url(two), authentication });
    gate.open();
    expect((await receiver.until(one, ended)).map(brief)).toEqual(['submitted', 'working', 'completed']);
    const [only, ...others] = await receiver.until(two, ended);
    expect([only && brief(only), only?.headers.authorization, others]).toEqual(['completed', 'Bearer c', []]);
  });

  it('G5: do not come after a config was deleted', async () => {
    gate = new Gate();
    const [deleted, kept] = [newPath(), newPath()];
    const { id: taskId } = await send('x', { url: receiver.url(deleted), id: 'a' }, {}, 'patient');
    await receiver.until(deleted, 2);
    const client = app.rpc('patient');
    await client.result('CreateTaskPushNotificationConfig', { taskId, url: receiver.url(kept) });
    await client.result('DeleteTaskPushNotificationConfig', { taskId, id: 'a' });
    gate.open();
    await receiver.until(kept, ended);
    expect(receiver.at(deleted).map(brief)).toEqual(['submitted', 'working']);
  });

  it('G9: are tried again, in order, while the receiver fails, hangs or sends elsewhere', async () => {
    const path = newPath();
    let calls = 0;
    receiver.behave = (response) => {
      const call = ++calls;
      if (call === 1) response.writeHead(503, { 'Retry-After': '0' }).end();
      else if (call === 3) response.socket?.destroy();
      else if (call === 5) response.writeHead(307, { Location: receiver.url('/elsewhere') }).end();
      else if (call !== 6) response.writeHead(200).end('thanks');
    };
    await send('echo x', { url: receiver.url(path) });
    const received = await receiver.until(path, 7);
    // The third and the sixth call had no answer.
    expect(received.map(brief)).toEqual([
      'submitted',
      'submitted',
      ...Array<string>(2).fill('artifact'),
      ...Array<string>(3).fill('completed'),
    ]);
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  it('hold up neither the task nor its readers', async () => {
    const path = newPath();
    receiver.behave = () => undefined;
    const task = await send('stream 3 8', { url: receiver.url(path) });
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  });

  it('give a receiver up that fails for good, and disable it: the client sees it no more', async () => {
    const [dead, alive] = [newPath(), newPath()];
    receiver.behave = (response, { path }) => response.writeHead(path === dead ? 500 : 204).end();
    gate = new Gate();
    const { id: taskId } = await send('x', { url: receiver.url(dead) }, {}, 'patient');
    const client = app.rpc('patient');
    // What comes after the second config is made is told to both.
    const state = async (): Promise<string> => (await client.result<Task>('GetTask', { id: taskId })).status.state;
    while ((await state()) !== 'TASK_STATE_WORKING') await new Promise((resolve) => setTimeout(resolve, 10));
    await client.result('CreateTaskPushNotificationConfig', { taskId, url: receiver.url(alive), id: 'alive' });
    await receiver.until(dead, 8);
    const listed = async (): Promise<unknown[]> =>
      (await client.result<{ configs: unknown[] }>('ListTaskPushNotificationConfigs', { taskId })).configs;
    while ((await listed()).length > 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await listed()).toMatchObject([{ id: 'alive' }]);
    gate.open();
    expect((await receiver.until(alive, ended)).map(brief)).toEqual(['completed']);
    expect(receiver.at(dead).map(brief)).toEqual([
      ...Array<string>(4).fill('submitted'),
      ...Array<string>(4).fill('working'),
    ]);
  });

  it('G10: do not reach what is not allowed, whatever a name leads to', async () => {
    const refused = await app.rpc('lab').call('SendMessage', {
      message: textMessage('echo x'),
      configuration: { taskPushNotificationConfig: { url: 'http://169.254.169.254/latest' } },
    });
    expect(refused.error?.code).toBe(-32602);
  });

  it('are taken by the receiver of the example', async () => {
    const example = await createReceiver('the token');
    example.useLogger(false);
    await example.listen(0, '127.0.0.1');
    const tasks = example.get(FollowedTasks);
    try {
      const url = `${await example.getUrl()}/webhook`;
      const [refused, taken] = [
        await send('echo a', { url, token: 'wrong' }),
        await send('echo b', { url, token: 'the token' }),
      ];
      while (tasks.stateOf(taken.id) !== 'TASK_STATE_COMPLETED')
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(tasks.count).toBe(3);
      expect(tasks.stateOf(refused.id)).toBeUndefined();
    } finally {
      await example.close();
    }
  });

  it('leave the task as it is', async () => {
    const path = newPath();
    const { id } = await send('echo hi', { url: receiver.url(path), token: 'pa55' });
    await receiver.until(path, ended);
    expect(JSON.stringify(await get(id))).not.toMatch(/pa55|hook-/);
  });
});

describe('push notifications of two processes on one database', () => {
  it('come once each and in order from any replica, and continue when one replica ends', async () => {
    const database = await createTestDatabase();
    const receiver = await WebhookReceiver.start();
    const options = {
      agents: [LabAgent],
      databaseUrl: database.url,
      pushNotifications: { ...QUICK, timeoutMs: 30_000, drainMs: 0, maxAttempts: 1_000 },
    };
    const [one, two] = [await TestApp.start(options), await TestApp.start(options)];
    try {
      const path = newPath();
      let failing = true;
      receiver.behave = (response) => response.writeHead(failing ? 503 : 204).end();
      const tasks = await Promise.all(
        Array.from({ length: 10 }, async (_, n) => {
          const params = {
            message: textMessage('stream 2 8'),
            configuration: { taskPushNotificationConfig: { url: receiver.url(path) } },
          };
          return (await (n % 2 ? one : two).rpc('lab').result<{ task: Task }>('SendMessage', params)).task.id;
        }),
      );
      await one.close();
      failing = false;
      receiver.received.length = 0;
      await receiver.until(path, (all) => all.filter((each) => brief(each) === 'completed').length === tasks.length);
      for (const id of tasks) {
        const ids = receiver.at(path).map(({ headers }) => String(headers['x-a2a-notification-id']));
        const mine = ids.filter((each) => each.startsWith(id));
        expect(mine).toEqual(mine.length === 5 ? [1, 2, 3, 4, 5].map((seq) => `${id}/${seq}`) : 'five notifications');
      }
    } finally {
      await two.close();
      await receiver.stop();
      await database.drop();
    }
  });
});
