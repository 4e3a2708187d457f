import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac, randomBytes } from 'node:crypto';
import { createLocalJWKSet, flattenedVerify } from 'jose';
import { Client } from 'pg';
import { LabAgent } from '../examples/lab/lab.agent.js';
import type { Task } from '../src/protocol/model/index.js';
import { textMessage, v03Message } from './support/rpc.client.js';
import { jwkOf, newKey } from './support/signing-keys.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { type ReceivedNotification, WebhookReceiver } from './support/webhook.receiver.js';

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const newKeyOf = (id: string) => ({ id, key: randomBytes(32).toString('base64') });
const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i]! }));

/** By Standard Webhooks, without our code. */
function signedBy(secret: string, { headers, text }: ReceivedNotification): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(expected);
}

describe.each(SETUPS)('signed webhooks on $adapter with $storage', ({ storage, adapter }) => {
  const secrets = [newSecret(), newSecret()];
  const encryptionKeys = [newKeyOf('new'), newKeyOf('old')];
  const keys = [{ privateKey: { ...jwkOf(newKey('ES256')), kid: 'hook' } }];
  let database: TestDatabase | undefined;
  let app: TestApp;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    database = storage === 'postgres' ? await createTestDatabase() : undefined;
    const pushNotifications = { allowedHosts: ['127.0.0.1'], signing: { secrets, keys }, encryptionKeys };
    const setUp = { adapter, agents: [LabAgent], pushNotifications };
    app = await TestApp.start(database ? { ...setUp, databaseUrl: database.url } : setUp);
  });
  afterAll(async () => {
    await (app as TestApp | undefined)?.close();
    await receiver.stop();
    await database?.drop();
  });

  const VERSIONS = {
    '1.0': async (text: string, config: object): Promise<Task> => {
      const configuration = { taskPushNotificationConfig: config };
      return (await app.rpc('lab').result<{ task: Task }>('SendMessage', { message: textMessage(text), configuration }))
        .task;
    },
    '0.3': (text: string, config: object): Promise<Task> => {
      const configuration = { pushNotificationConfig: config, blocking: true };
      return app.rpc('lab', {}).result<Task>('message/send', { message: v03Message(text), configuration });
    },
  };

  describe.each(Object.keys(VERSIONS) as (keyof typeof VERSIONS)[])('v%s', (version) => {
    it('are signed with the secrets and the key of the server, and carry token and credentials as they were given', async () => {
      const path = `/server-${version}`;
      const authentication =
        version === '1.0' ? { scheme: 'Bearer', credentials: 'cr' } : { schemes: ['Bearer'], credentials: 'cr' };
      const task = await VERSIONS[version]('echo hello', { url: receiver.url(path), token: 'a token', authentication });
      const received = await receiver.until(path, (all) => /completed/i.test(all.at(-1)?.text ?? ''));
      const set = createLocalJWKSet(
        (await (await fetch(`${app.origin}/.well-known/jwks.json`)).json()) as Parameters<typeof createLocalJWKSet>[0],
      );
      for (const one of received) {
        expect(secrets.map((secret) => signedBy(secret, one))).toEqual([true, true]);
        expect(one.headers).toMatchObject({ authorization: 'Bearer cr', 'x-a2a-notification-token': 'a token' });
        expect(one.headers['webhook-id']).toBe(one.headers['x-a2a-notification-id']);
        expect(String(one.headers['webhook-id'])).toContain(`${task.id}/`);
        const [header = '', , signature = ''] = String(one.headers['x-a2a-notification-signature']).split('.');
        const { protectedHeader } = await flattenedVerify(
          { protected: header, payload: Buffer.from(one.text).toString('base64url'), signature },
          set,
        );
        expect(protectedHeader).toMatchObject({ kid: 'hook', alg: 'ES256', jti: one.headers['webhook-id'] });
      }
    });

    it('are signed with the secret that the client registers as its token, which is not sent', async () => {
      const path = `/client-${version}`;
      const token = newSecret();
      await VERSIONS[version]('echo hello', { url: receiver.url(path), token });
      const [first] = await receiver.until(path, 1);
      expect(signedBy(token, first!)).toBe(true);
      expect(secrets.map((secret) => signedBy(secret, first!))).toEqual([false, false]);
      expect(JSON.stringify(first!.headers)).not.toContain(token);
    });
  });

  it('show their secrets in the answer to Create only', async () => {
    const { id: taskId } = await VERSIONS['1.0']('ask', {
      url: receiver.url('/shown'),
      id: 'inline',
      token: 'secret-1',
    });
    const params = { taskId, id: 'own', url: receiver.url('/shown'), token: 'secret-2' };
    const authentication = { scheme: 'Bearer', credentials: 'secret-3' };
    const made = await app.rpc('lab').result('CreateTaskPushNotificationConfig', { ...params, authentication });
    expect(made).toMatchObject({ token: 'secret-2', authentication });
    const got = await app.rpc('lab').result('GetTaskPushNotificationConfig', { taskId, id: 'own' });
    expect(got).toEqual({ taskId, id: 'own', url: receiver.url('/shown'), authentication: { scheme: 'Bearer' } });
    const listed = await app.rpc('lab').result('ListTaskPushNotificationConfigs', { taskId });
    expect(JSON.stringify(listed)).not.toContain('secret-');
  });

  it('refuse a token that begins like a secret and is none', async () => {
    const { id: taskId } = await VERSIONS['1.0']('ask', { url: receiver.url('/refused') });
    const params = { taskId, url: receiver.url('/refused'), token: 'whsec_short' };
    const answer = await app.rpc('lab').call('CreateTaskPushNotificationConfig', params);
    expect(JSON.stringify(answer)).toContain('token must be whsec_ and 24 to 64 random bytes as base64');
  });

  if (storage === 'postgres') {
    it('have their secrets encrypted in the database', async () => {
      const authentication = { scheme: 'Bearer', credentials: 'in-the-clear-2' };
      await VERSIONS['1.0']('ask', {
        url: receiver.url('/sealed'),
        id: 'sealed',
        token: 'in-the-clear-1',
        authentication,
      });
      const client = new Client({ connectionString: database!.url });
      await client.connect();
      const { rows } = await client.query<{ all: string }>(`
        select string_agg(t::text, ' ') as all from (
          select row_to_json(c) as t from a2a_push_config c union all select row_to_json(i) from a2a_inbox i
        ) rows`);
      await client.end();
      expect(rows[0]!.all).toContain('"sealed:v1:new:');
      expect(rows[0]!.all).not.toContain('in-the-clear');
    });
  }
});
