import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ListTaskPushNotificationConfigsResponse, ListTasksResponse, Task } from '@a2a-js/sdk';
import { REQUEST_LIMITS } from '../src/protocol/validation/limits.js';
import { agentOf } from './support/agent-of.js';
import { type GrpcAnswer, GrpcClient, grpcAddress, SERVICES } from './support/grpc.client.js';
import { send, taskOf } from './support/grpc-messages.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { violatedFields } from './support/violations.js';

const MIB = 1 << 20;
/** What clients of gRPC take unless they are told otherwise. */
const DEFAULTS = { 'grpc.max_receive_message_length': 4 * MIB };
const RESOURCE_EXHAUSTED = 8;
const MAX_CONFIGS = 100;
const service = SERVICES['1.0'];

const messageOf = <T>({ message, error }: GrpcAnswer): T => {
  if (error) throw error;
  return message as T;
};

describe.each(STORAGES)('large answers to gRPC clients with default limits, with %s', (storage) => {
  let app: TestApp;
  let client: GrpcClient;
  let patient: GrpcClient;

  beforeAll(async () => {
    const agent = agentOf(async ({ userText }, updater) => {
      const [command, size] = userText.split(' ');
      if (command === 'numbers') await updater.addArtifact([{ data: { list: Array(Number(size)).fill(1) } }]);
      if (command === 'text') await updater.addArtifact([{ text: 'x'.repeat(Number(size)) }]);
      await updater.requiresInput('more?');
    });
    app = await TestApp.start({
      storage,
      agents: [agent],
      grpc: { port: 0, authenticate: 'anonymous' },
      pushNotifications: { maxConfigsPerTask: MAX_CONFIGS },
    });
    const address = await grpcAddress(app);
    client = new GrpcClient(address, undefined, DEFAULTS);
    patient = new GrpcClient(address);
  });
  afterAll(async () => {
    client.close();
    patient.close();
    await app.close();
  });

  const make = async (text: string, fields: Record<string, unknown> = {}): Promise<string> =>
    taskOf(await patient.unary(service.sendMessage, send({ parts: [{ text }], ...fields }))).id;
  const get = (id: string, historyLength?: number, by = client): Promise<GrpcAnswer> =>
    by.unary(service.getTask, { tenant: '', id, historyLength });

  /** The ids on each page. */
  async function pages(contextId: string, more: object): Promise<string[][]> {
    const all: string[][] = [];
    for (let pageToken = ''; ;) {
      const query = { tenant: '', contextId, status: 0, pageToken, pageSize: 100, statusTimestampAfter: undefined };
      const page = messageOf<ListTasksResponse>(await client.unary(service.listTasks, { ...query, ...more }));
      all.push(page.tasks.map(({ id }) => id));
      if (page.nextPageToken === '') return all;
      pageToken = page.nextPageToken;
    }
  }

  it.each([
    ['numbers, which are larger than in JSON', 'numbers 60000', 8],
    ['text, which is as large as in JSON', 'text 700000', 8],
    ['many small ones', 'text 40000', 150],
  ])('are pages of ListTasks that they take: %s', async (_what, text, tasks) => {
    const contextId = randomUUID();
    const sent: string[] = [];
    for (let n = 0; n < tasks; n++) sent.push(await make(text, { contextId }));
    const all = await pages(contextId, { includeArtifacts: true });
    expect(all.flat().toSorted()).toEqual(sent.toSorted());
    expect(all.length).toBeGreaterThan(1);
    expect(all[0]?.length).toBeGreaterThan(1);
  });

  it('are the newest of a history that they take, of a task with a larger one', async () => {
    const contextId = randomUUID();
    const metadata = { list: Array(60_000).fill(1) };
    const taskId = await make('first', { contextId, metadata });
    for (let n = 0; n < 8; n++) await make(`${n}`, { contextId, taskId, metadata });
    expect(await pages(contextId, { includeArtifacts: false })).toEqual([[taskId]]);
    expect((await get(taskId)).error?.code).toBe(RESOURCE_EXHAUSTED);
    expect(messageOf<Task>(await get(taskId, 2)).history).toHaveLength(2);
  });

  it('of one task are whole, for those who take them; others list it without artifacts', async () => {
    const contextId = randomUUID();
    const id = await make(`text ${5 * MIB}`, { contextId });
    expect(await get(id)).toMatchObject({ error: { code: RESOURCE_EXHAUSTED } });
    const { artifacts } = messageOf<Task>(await get(id, undefined, patient));
    expect(JSON.stringify(artifacts).length).toBeGreaterThan(5 * MIB);
    expect(await pages(contextId, { includeArtifacts: false })).toEqual([[id]]);
  });

  it('are all webhooks of a task, each as large as it may be', async () => {
    const taskId = await make('hi');
    const base = 'https://hook.invalid/';
    for (let n = 0; n < MAX_CONFIGS; n++) {
      const config = {
        tenant: '',
        taskId,
        id: `${n}`.padEnd(REQUEST_LIMITS.idBytes, 'i'),
        url: base.padEnd(REQUEST_LIMITS.uriBytes, 'u'),
        token: '"'.repeat(REQUEST_LIMITS.secretBytes),
        authentication: {
          scheme: 's'.repeat(REQUEST_LIMITS.schemeBytes),
          credentials: '"'.repeat(REQUEST_LIMITS.secretBytes),
        },
      };
      messageOf(await client.unary(service.createTaskPushNotificationConfig, config));
    }
    const query = { tenant: '', taskId, pageSize: 100, pageToken: '' };
    const { configs } = messageOf<ListTaskPushNotificationConfigsResponse>(
      await client.unary(service.listTaskPushNotificationConfigs, query),
    );
    expect(configs).toHaveLength(MAX_CONFIGS);
    // In JSON a quotation mark takes two bytes.
    const answer = await app.rpc().result('ListTaskPushNotificationConfigs', { taskId, pageSize: 100 });
    expect(JSON.stringify(answer).length).toBeLessThan(4 * MIB);
  });

  it.each([
    ['url', { url: 'https://hook.invalid/'.padEnd(REQUEST_LIMITS.uriBytes + 1, 'u') }],
    ['token', { token: 't'.repeat(REQUEST_LIMITS.secretBytes + 1) }],
    ['id', { id: 'i'.repeat(REQUEST_LIMITS.idBytes + 1) }],
    ['authentication.scheme', { authentication: { scheme: 's'.repeat(REQUEST_LIMITS.schemeBytes + 1) } }],
    [
      'authentication.credentials',
      { authentication: { scheme: 'Bearer', credentials: 'c'.repeat(REQUEST_LIMITS.secretBytes + 1) } },
    ],
  ])('refuse a webhook whose %s is too long, by its name', async (field, more) => {
    const taskId = await make('hi');
    const answer = await app
      .rpc()
      .call('CreateTaskPushNotificationConfig', { taskId, url: 'https://hook.invalid/', ...more });
    expect(violatedFields(answer)).toEqual([field]);
  });
});
