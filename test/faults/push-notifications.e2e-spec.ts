import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { Task } from '../../src/protocol/model/index.js';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { ServicePlace } from '../support/service.place.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { type ReceivedNotification, WebhookReceiver } from '../support/webhook.receiver.js';

const LIMIT_MS = 240_000;

const seqsOf = (received: ReceivedNotification[]): number[] =>
  received.map(({ headers }) => Number(String(headers['x-a2a-notification-id']).split('/')[1]));

describe('push notifications that are owed when the service ends', () => {
  let database: TestDatabase;
  let place: ServicePlace;
  let receiver: WebhookReceiver;
  let client: RpcClient;
  let source: DataSource;

  beforeAll(async () => {
    [database, receiver] = await Promise.all([createTestDatabase(), WebhookReceiver.start()]);
    source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    place = await ServicePlace.create({
      DATABASE_URL: database.url,
      A2A_PUSH_ALLOWED_HOSTS: '127.0.0.0/8',
      // Longer than the time of the shutdown, and with what is added to it shorter than the limit of the tests.
      A2A_PUSH_TIMEOUT_MS: '20000',
    });
    client = new RpcClient(`http://127.0.0.1:${place.port}/agents/lab`);
  }, LIMIT_MS);
  afterAll(async () => {
    await place.remove();
    await source.destroy();
    await receiver.stop();
    await database.drop();
  }, LIMIT_MS);

  /** Deliveries of which this is true. */
  async function owed(condition: string): Promise<number> {
    const sql = `select from a2a_outbox o join a2a_push_queue q using (task_id, config_key) where ${condition}`;
    return (await source.query<unknown[]>(sql)).length;
  }

  async function send(text: string, path: string): Promise<Task> {
    const configuration = { taskPushNotificationConfig: { url: receiver.url(path) }, returnImmediately: true };
    return (await client.result<{ task: Task }>('SendMessage', { message: textMessage(text), configuration })).task;
  }

  it(
    'by SIGKILL, while the receiver fails, are delivered by the next process',
    async () => {
      await place.start();
      receiver.behave = (response) => response.writeHead(503).end();
      await send('echo hi', '/killed');
      // The task has ended; and what is in its hands when it is killed is hidden for a while: it must have put that back.
      while ((await owed('true')) < 3) await sleep(10);
      while ((await owed("o.attempts > 0 and q.due_at < now() + interval '15 s'")) === 0) await sleep(10);
      await place.service.kill('SIGKILL');
      receiver.behave = (response) => response.writeHead(204).end();
      const before = receiver.at('/killed').length;
      await place.start();
      const received = await receiver.until('/killed', before + 3);
      expect(seqsOf(received.slice(before))).toEqual([1, 2, 3]);
      await place.service.kill('SIGTERM');
    },
    LIMIT_MS,
  );

  it(
    'by SIGTERM, while the receiver hangs, are broken off and delivered by the next process at once',
    async () => {
      await place.start();
      receiver.behave = () => undefined;
      await send('echo hi', '/hanging');
      await receiver.until('/hanging', 1);
      expect(await place.service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      receiver.behave = (response) => response.writeHead(204).end();
      const before = receiver.at('/hanging').length;
      await place.start();
      const received = await receiver.until('/hanging', before + 3);
      expect(seqsOf(received)).toEqual([...Array<number>(before).fill(1), 1, 2, 3]);
      await place.service.kill('SIGTERM');
    },
    LIMIT_MS,
  );

  it(
    'by SIGTERM are delivered before the end, that of the task that the shutdown fails too',
    async () => {
      await place.start();
      await send('hang', '/ended');
      await receiver.until('/ended', 2);
      expect(await place.service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      const received = receiver.at('/ended');
      expect(seqsOf(received)).toEqual([1, 2, 3]);
      expect(received.at(-1)?.body).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_FAILED' } } });
      expect(place.service.log).not.toMatch(/\/ended|error/i);
    },
    LIMIT_MS,
  );
});
