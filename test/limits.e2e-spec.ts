import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import type { Server, Socket } from 'node:net';
import { setImmediate as nextLoop } from 'node:timers/promises';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { labChunk } from '../examples/lab/lab-chunk.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { type RpcAnswer, V10, textMessage } from './support/rpc.client.js';
import { violatedFields } from './support/violations.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));
const SQL = /varying|violates|relation|column|syntax|select |insert /i;

function chunksOf(results: StreamResponse[]): string[] {
  return results.flatMap((result) =>
    'artifactUpdate' in result
      ? result.artifactUpdate.artifact.parts.map((part) => ('text' in part ? part.text : ''))
      : [],
  );
}

describe.each(SETUPS)('under load, on $adapter with $storage,', ({ storage, adapter }) => {
  let app: TestApp;
  const sockets: Socket[] = [];
  afterEach(() => app.close());

  async function serve(): Promise<void> {
    sockets.length = 0;
    app = await TestApp.start({ storage, adapter, agents: [LabAgent] });
    (app.app.getHttpServer() as Server).on('connection', (socket) => sockets.push(socket));
  }

  const stream = (text: string) => app.rpc('lab').stream('SendStreamingMessage', { message: textMessage(text) });

  it('four large streams at once leave time for everybody else', async () => {
    await serve();
    const { task } = await app.rpc('lab').result<{ task: Task }>('SendMessage', { message: textMessage('echo hi') });
    let open = 4;
    const reading = Array.from({ length: 4 }, async () => {
      const results = await (await stream('stream 50 200000')).results<StreamResponse>();
      open--;
      return chunksOf(results);
    });
    let answered = 0;
    while (open > 0) {
      const card = await fetch(`${app.origin}/agents/lab/.well-known/agent-card.json`);
      expect(card.status).toBe(200);
      await card.arrayBuffer();
      expect(await app.rpc('lab').result('GetTask', { id: task.id })).toMatchObject({ id: task.id });
      answered++;
    }
    expect(answered).toBeGreaterThanOrEqual(3);
    for (const chunks of await Promise.all(reading)) {
      expect(chunks).toHaveLength(50);
      expect(chunks.every((text, i) => text === labChunk(i, 200_000))).toBe(true);
    }
  });

  it('a client that does not read holds up neither its task nor the memory, and gets everything when it reads', async () => {
    await serve();
    const slow = await stream('stream 300 100000');
    const [socket] = sockets;
    expect(sockets).toHaveLength(1);
    const fast = app.rpc('lab');
    const { tasks } = await fast.result<{ tasks: Task[] }>('ListTasks', {});
    const { id } = tasks[0]!;
    let most = 0;
    for (let state = ''; state !== 'TASK_STATE_COMPLETED';) {
      ({ state } = (await fast.result<{ tasks: Task[] }>('ListTasks', {})).tasks[0]!.status);
      most = Math.max(most, socket!.writableLength);
    }
    // What is stored is more than the system's buffers take.
    while (!socket!.writableNeedDrain) await nextLoop();
    most = Math.max(most, socket!.writableLength);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(4 * 1024 * 1024);
    expect(socket!.bytesWritten).toBeLessThan(25_000_000);
    const events = await slow.all();
    expect(events.map((event) => Number(event.id))).toEqual(Array.from({ length: 303 }, (_, i) => i + 1));
    const chunks = chunksOf(events.map(({ data }) => (JSON.parse(data) as { result: StreamResponse }).result));
    expect(chunks.every((text, i) => text === labChunk(i, 100_000))).toBe(true);
    expect(JSON.parse(events[0]!.data)).toMatchObject({ result: { task: { id } } });
  });
});

describe.each(STORAGES)('ids that clients choose, on %s,', (storage) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ storage, agents: [LabAgent] });
  });
  afterAll(() => app.close());

  it.each(['a'.repeat(512), 'é'.repeat(256), '😀'.repeat(128)])('may be of 512 bytes', async (id) => {
    const message = textMessage('echo hi', { messageId: id, contextId: id });
    const { task } = await app.rpc('lab').result<{ task: Task }>('SendMessage', { message });
    const stored = await app.rpc('lab').result<Task>('GetTask', { id: task.id });
    expect(stored).toMatchObject({ contextId: id, history: [{ messageId: id, contextId: id }] });
    const again = await app.rpc('lab').result<{ task: Task }>('SendMessage', { message });
    expect(again.task.id).toBe(task.id);
    const { tasks } = await app.rpc('lab').result<{ tasks: Task[] }>('ListTasks', { contextId: id });
    expect(tasks).toHaveLength(1);
  });

  it.each([
    ['contextId', 'a'.repeat(513)],
    ['messageId', 'é'.repeat(257)],
    ['taskId', 'a'.repeat(100_000)],
  ])('are refused by name when %s is longer', async (field, value) => {
    const message = textMessage('echo hi', { [field]: value });
    const { totalSize: stored } = await app.rpc('lab').result('ListTasks', {});
    const answer = await app.rpc('lab').call('SendMessage', { message });
    expect(violatedFields(answer)).toEqual([`message.${field}`]);
    expect(JSON.stringify(answer)).not.toMatch(SQL);
    expect(await app.rpc('lab').result('ListTasks', {})).toMatchObject({ totalSize: stored });
  });

  it('name no task when they are of any other form', async () => {
    for (const id of ['1', "'; drop table a2a_task; --", 'not-a-uuid', '0190aaaa-0000-7000-8000-00000000000g', '%00']) {
      for (const method of ['GetTask', 'CancelTask', 'SubscribeToTask']) {
        const { error } = await app.rpc('lab').call(method, { id });
        expect(error?.code).toBe(-32001);
        expect(JSON.stringify(error).replaceAll(id, '')).not.toMatch(SQL);
      }
      const { error } = await app.rpc('lab').call('SendMessage', { message: textMessage('x', { taskId: id }) });
      expect(error?.code).toBe(-32001);
    }
  });
});

describe.each(ADAPTERS)('B15: the size of a request on %s', (adapter) => {
  let app: TestApp;
  afterEach(() => app.close());

  it('may be of 150 kB and far more, as inline files are', async () => {
    app = await TestApp.start({ adapter, agents: [agentOf((_context, updater) => updater.complete())] });
    for (const bytes of [150_000, 5_000_000]) {
      const raw = Buffer.alloc(bytes, 7).toString('base64');
      const message = textMessage('', { parts: [{ raw, mediaType: 'text/plain' }] });
      const { task } = await app.rpc().result<{ task: Task }>('SendMessage', { message });
      expect(task.history?.[0]?.parts[0]).toEqual({ raw, mediaType: 'text/plain' });
    }
  });

  it.each([false, true])('over the limit is a JSON-RPC error, never HTML (chunked: %s)', async (chunked) => {
    app = await TestApp.start({ adapter, agents: [LabAgent], http: { bodyLimitBytes: 100_000 } });
    const params = { message: textMessage('x'.repeat(150_000)) };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params });
    const { status, type, text } = await post(`${app.origin}/agents/lab`, body, chunked);
    expect(status).toBe(413);
    expect(type).toMatch(/^application\/json/);
    const answer = JSON.parse(text) as RpcAnswer;
    expect(answer).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32600 } });
    expect(text).not.toMatch(/<html|\.[jt]s:\d|node_modules/);
    expect(await app.rpc('lab').result('ListTasks', {})).toMatchObject({ totalSize: 0 });
  });
});

function post(url: string, body: string, chunked: boolean): Promise<{ status: number; type: string; text: string }> {
  const length: Record<string, string> = chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...V10, ...length },
    });
    request.on('error', reject).on('response', (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (part: string) => (text += part))
        .on('end', () =>
          resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
        );
    });
    for (let at = 0; at < body.length; at += 16_384) request.write(body.slice(at, at + 16_384));
    request.end();
  });
}
