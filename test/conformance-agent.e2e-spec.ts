import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { ConformanceProgram } from './support/conformance.program.js';
import { RpcClient, V10, v03Message } from './support/rpc.client.js';
import { cardOf, SESSION, tckId, tckMessage } from './support/tck.js';
import { until } from '../src/testing/contracts/until.js';
import { WebhookReceiver } from './support/webhook.receiver.js';
import type { SseStream } from './support/sse.client.js';

interface V03Task {
  readonly id: string;
  readonly status: { readonly state: string };
  readonly history?: readonly object[];
}

async function readResults<T>(stream: SseStream, until: (result: T) => boolean): Promise<T[]> {
  const results: T[] = [];
  for await (const { data } of stream) {
    const { result } = JSON.parse(data) as { result: T };
    results.push(result);
    if (until(result)) break;
  }
  return results;
}

const never = (): boolean => false;

describe('npm run start:conformance', () => {
  let program: ConformanceProgram;
  let v10: RpcClient;
  let v03: RpcClient;
  beforeAll(async () => {
    program = await ConformanceProgram.start([], { GRPC_PORT: '0' });
    v10 = new RpcClient(`${program.origin}/`, V10);
    v03 = new RpcClient(`${program.origin}/`, {});
  }, 120_000);
  afterAll(() => program.stop());

  const send = async (name: string, fields: object = {}, configuration?: object): Promise<Task> =>
    (await v10.result<{ task: Task }>('SendMessage', { message: tckMessage(name, fields), configuration })).task;

  it('has a card at its origin that both suites can read, with what caches need', async () => {
    const { card, headers } = await cardOf(program.origin);
    const grpc = expect.stringMatching(/^127\.0\.0\.1:\d+$/) as unknown;
    const at = (protocolBinding: string, url: unknown = program.origin) =>
      ['1.0', '0.3'].map((protocolVersion) => ({ url, protocolBinding, protocolVersion }));
    expect(card).toMatchObject({
      supportedInterfaces: [...at('JSONRPC'), ...at('HTTP+JSON'), ...at('GRPC', grpc)],
      capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: true },
      url: program.origin,
      protocolVersion: '0.3.0',
      preferredTransport: 'JSONRPC',
      additionalInterfaces: [
        { url: program.origin, transport: 'JSONRPC' },
        { url: program.origin, transport: 'HTTP+JSON' },
        { url: grpc, transport: 'GRPC' },
      ],
      supportsAuthenticatedExtendedCard: true,
    });
    expect(card).not.toHaveProperty('securitySchemes');
    expect(headers.get('cache-control')).toMatch(/max-age=\d+/);
    expect(headers.get('etag')).toBeTruthy();
    expect(headers.get('last-modified')).toBeTruthy();
  });

  it('shows the extended card without credentials in v1.0, and refuses it in v0.3', async () => {
    const more = expect.objectContaining({ id: 'hidden' }) as unknown;
    const extended = { skills: expect.arrayContaining([more]) as unknown };
    expect(await v10.result('GetExtendedAgentCard')).toMatchObject(extended);
    expect((await v03.call('agent/getAuthenticatedExtendedCard')).error?.code).toBe(-32007);
    const shown = await fetch(`${program.origin}/extendedAgentCard`, { headers: V10 });
    expect(await shown.json()).toMatchObject(extended);
    const refused = await fetch(`${program.origin}/v1/card`);
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain('authentication');
  });

  describe('for the v1.0 suite', () => {
    it('HTTP+JSON is answered as application/json when anything is accepted', async () => {
      const headers = { ...V10, 'content-type': 'application/json', accept: '*/*' };
      const body = JSON.stringify({ message: tckMessage('complete-task') });
      const sent = await fetch(`${program.origin}/message:send`, { method: 'POST', headers, body });
      expect(sent.headers.get('content-type')).toBe('application/json');
      expect(await sent.json()).toMatchObject({ task: { status: { state: 'TASK_STATE_COMPLETED' } } });
      const missing = await fetch(`${program.origin}/tasks/none`, { headers });
      expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/json']);
    });

    it('a webhook on this machine is called with the credentials of its config, given with the message', async () => {
      const receiver = await WebhookReceiver.start();
      try {
        const credentials = `tck-test-token-${SESSION}`;
        const taskPushNotificationConfig = {
          id: tckId('push'),
          url: `http://localhost:${receiver.port}/webhook`,
          authentication: { scheme: 'Bearer', credentials },
        };
        const { id } = await send('input-required', {}, { taskPushNotificationConfig });
        await send('complete-task', { taskId: id });
        const [first] = await receiver.until('/webhook', 1);
        expect(first?.headers.authorization).toBe(`Bearer ${credentials}`);
        expect(Object.keys(first?.body ?? {})).toEqual([expect.stringMatching(/^(task|statusUpdate|artifactUpdate)$/)]);
      } finally {
        await receiver.stop();
      }
    });

    it('configs for addresses that nobody can look up here are kept', async () => {
      const { id: taskId } = await send('complete-task');
      const config = { taskId, id: tckId('push'), url: 'https://example.com/tck-push-webhook' };
      expect(await v10.result('CreateTaskPushNotificationConfig', config)).toMatchObject(config);
      const pushNotificationConfig = { url: 'https://example.com/webhook' };
      const made = await v03.result('tasks/pushNotificationConfig/set', { taskId, pushNotificationConfig });
      expect(made).toMatchObject({ taskId, pushNotificationConfig });
    });

    it.each([
      ['complete-task', 'TASK_STATE_COMPLETED', undefined],
      ['input-required', 'TASK_STATE_INPUT_REQUIRED', undefined],
      ['reject-task', 'TASK_STATE_REJECTED', undefined],
      ['artifact-text', 'TASK_STATE_COMPLETED', { text: 'Generated text content' }],
      ['artifact-file', 'TASK_STATE_COMPLETED', { raw: 'dGNr', filename: 'output.txt', mediaType: 'text/plain' }],
      [
        'artifact-file-url',
        'TASK_STATE_COMPLETED',
        { url: 'https://example.com/output.txt', filename: 'output.txt', mediaType: 'text/plain' },
      ],
      ['artifact-data', 'TASK_STATE_COMPLETED', { data: { key: 'value', count: 42 } }],
      ['send-001', 'TASK_STATE_COMPLETED', undefined],
    ])('tck-%s becomes %s', async (name, state, part) => {
      const task = await send(name);
      expect(task.status.state).toBe(state);
      expect(task.artifacts?.[0]?.parts[0]).toEqual(part);
    });

    it('tck-message-response is answered with a Message', async () => {
      const result = await v10.result('SendMessage', { message: tckMessage('message-response') });
      expect(result).toMatchObject({ message: { parts: [{ text: 'Direct message response' }] } });
      expect(result).not.toHaveProperty('task');
    });

    it('a messageId that is used again makes another task, also after a cancel', async () => {
      const first = await send('input-required');
      await v10.result('CancelTask', { id: first.id });
      const second = await send('input-required');
      expect(second.id).not.toBe(first.id);
      expect(second.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    });

    it('follow-ups under ids that were used before are turns of their own, in order', async () => {
      const { id } = await send('input-required');
      for (const text of ['one', 'two']) await send('input-required', { taskId: id, parts: [{ text }] });
      const done = await send('complete-task', { taskId: id }, { historyLength: 0 });
      expect(done.status).toMatchObject({
        state: 'TASK_STATE_COMPLETED',
        message: { parts: [{ text: 'Hello from TCK' }] },
      });
      expect(done).not.toHaveProperty('history');
      const task = await v10.result<Task>('GetTask', { id, historyLength: 10 });
      const texts = task.history?.flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));
      expect(texts?.filter((text) => text === 'one' || text === 'two')).toEqual(['one', 'two']);
    });

    it('an unknown media type is refused', async () => {
      const parts = [{ raw: 'dGNr', mediaType: 'application/x-unsupported-tck-type' }];
      const { error } = await v10.call('SendMessage', { message: tckMessage('send-003', { parts }) });
      expect(error).toMatchObject({ code: -32005, data: [{ reason: 'CONTENT_TYPE_NOT_SUPPORTED' }] });
    });

    it('two subscribers of an input-required task see the same to its end, and a third may leave', async () => {
      const { id } = await send('input-required');
      const streams = await Promise.all([1, 2, 3].map(() => v10.stream('SubscribeToTask', { id })));
      const [left] = await readResults<StreamResponse>(streams[2]!, () => true);
      const read = streams.slice(0, 2).map((stream) => readResults<StreamResponse>(stream, never));
      await send('complete-task', { taskId: id });
      const [one, two] = await Promise.all(read);
      expect(one).toEqual(two);
      expect(left).toEqual(one?.[0]);
      expect(one?.[0]).toMatchObject({ task: { id, status: { state: 'TASK_STATE_INPUT_REQUIRED' } } });
      expect(one?.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    });

    it.each([
      ['stream-001', 'Stream hello from TCK'],
      ['stream-ordering-001', 'Ordered output'],
      ['stream-artifact-chunked', 'chunk-1 chunk-2'],
    ])('tck-%s streams its task, working, the artifact and the end', async (name, text) => {
      const stream = await v10.stream('SendStreamingMessage', { message: tckMessage(name) });
      const results = await stream.results<StreamResponse>();
      expect(results[0]).toHaveProperty('task');
      expect(results[1]).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_WORKING' } } });
      const parts = results.flatMap((r) => ('artifactUpdate' in r ? r.artifactUpdate.artifact.parts : []));
      expect(parts.map((part) => ('text' in part ? part.text : '')).join('')).toBe(text);
      expect(results.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    });

    it('test-resubscribe-message-id works for four seconds, so that a second stream can be opened', async () => {
      const begun = performance.now();
      const message = tckMessage('', { messageId: `test-resubscribe-message-id-${SESSION}` });
      const stream = await v10.stream('SendStreamingMessage', { message });
      const [first] = await readResults<{ task: Task }>(stream, () => true);
      const again = await v10.stream('SubscribeToTask', { id: first?.task.id });
      const results = await again.results<StreamResponse>();
      expect(results.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
      expect(performance.now() - begun).toBeGreaterThan(3_900);
    });
  });

  describe('for the v0.3 suite', () => {
    const sendV03 = (text: string, fields: Record<string, unknown> = {}): Promise<V03Task> =>
      v03.result<V03Task>('message/send', { message: v03Message(text, fields) });

    it('a task is shown before it rests, takes a follow-up, and is never completed', async () => {
      const { id, status } = await sendV03('create');
      expect(['submitted', 'working']).toContain(status.state);
      const get = (params: object = {}) => v03.result<V03Task>('tasks/get', { id, ...params });
      expect((await get({ historyLength: 1 })).history).toHaveLength(1);
      await sendV03('follow up', { taskId: id });
      await until(async () => ((await get()).history?.length ?? 0) >= 2);
      expect(['working', 'input-required']).toContain((await get()).status.state);
    });

    it('a task is canceled once', async () => {
      const { id } = await sendV03('cancel me');
      expect(await v03.result('tasks/cancel', { id })).toMatchObject({ id, status: { state: 'canceled' } });
      expect((await v03.call('tasks/cancel', { id })).error?.code).toBe(-32002);
    });

    it('one messageId with other texts makes a task each', async () => {
      const messageId = `test-message-id-${SESSION}`;
      const tasks = [];
      for (const text of ['one', 'two', 'three']) tasks.push(await sendV03(text, { messageId }));
      expect(new Set(tasks.map(({ id }) => id)).size).toBe(3);
    });

    it('a stream begins with the Task, can be joined by a second one, and ends at input-required', async () => {
      const messageId = `test-resubscribe-message-id-${SESSION}-v03`;
      const stream = await v03.stream('message/stream', { message: v03Message('stay', { messageId }) });
      const events = stream[Symbol.asyncIterator]();
      const { value } = await events.next();
      const { result } = JSON.parse(value?.data ?? '') as { result: V03Task & { kind: string } };
      expect(result.kind).toBe('task');
      const again = await v03.stream('tasks/resubscribe', { id: result.id });
      const [joined] = await readResults<{ kind: string; id: string; status: { state: string } }>(again, () => true);
      expect(joined).toMatchObject({ kind: 'task', id: result.id });
      expect(['submitted', 'working']).toContain(joined?.status.state);
      let last = '';
      for (let next = await events.next(); !next.done; next = await events.next()) last = next.value.data;
      expect(JSON.parse(last)).toMatchObject({ result: { final: true, status: { state: 'input-required' } } });
    });
  });
});
