import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { ServicePlace } from '../support/service.place.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { WebhookReceiver } from '../support/webhook.receiver.js';

const LIMIT_MS = 180_000;
const HANGING = 4;
const TASKS = 250;
/** Of a task: submitted, an artifact, completed. */
const EACH = 3;

describe('a thousand notifications of four hosts that hang', () => {
  let database: TestDatabase;
  let place: ServicePlace;
  let receiver: WebhookReceiver;
  let hanging: WebhookReceiver[];
  let source: DataSource;
  let client: RpcClient;

  beforeAll(async () => {
    [database, receiver] = await Promise.all([createTestDatabase(), WebhookReceiver.start()]);
    hanging = await Promise.all(Array.from({ length: HANGING }, () => WebhookReceiver.start()));
    for (const one of hanging) one.behave = () => undefined;
    source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    // A call that hangs does so for longer than the test takes.
    place = await ServicePlace.create({
      DATABASE_URL: database.url,
      A2A_PUSH_ALLOWED_HOSTS: '127.0.0.0/8',
      A2A_PUSH_TIMEOUT_MS: '600000',
    });
    await place.start();
    client = new RpcClient(`http://127.0.0.1:${place.port}/agents/lab`);
  }, LIMIT_MS);
  afterAll(async () => {
    await place.remove();
    await source.destroy();
    await Promise.all([receiver, ...hanging].map((one) => one.stop()));
    await database.drop();
  }, LIMIT_MS);

  async function owed(): Promise<number> {
    const sql = 'select count(*)::int as owed from a2a_outbox where dead_at is null';
    return (await source.query<{ owed: number }[]>(sql))[0]?.owed ?? NaN;
  }

  async function untilTheyAloneAreOwed(): Promise<void> {
    while ((await owed()) !== HANGING * TASKS * EACH) await sleep(20);
  }

  async function send(url: string): Promise<void> {
    const configuration = { taskPushNotificationConfig: { url }, returnImmediately: true };
    await client.result('SendMessage', { message: textMessage('echo hi'), configuration });
  }

  it(
    'delay nobody else: neither while they are made nor after a restart, and none is lost',
    async () => {
      for (let n = 0; n < TASKS; n++) await Promise.all(hanging.map((one) => send(one.url())));
      await send(receiver.url('/before'));
      await receiver.until('/before', EACH);
      await untilTheyAloneAreOwed();
      await place.service.kill('SIGKILL');
      await place.start();
      await Promise.all(Array.from({ length: 20 }, () => send(receiver.url('/after'))));
      await receiver.until('/after', 20 * EACH);
      // All that was delivered to others came while no host that hangs had more than a few calls, none of which has ended.
      for (const one of hanging) expect(one.received.length).toBeLessThanOrEqual(4);
      await untilTheyAloneAreOwed();
    },
    LIMIT_MS,
  );
});
