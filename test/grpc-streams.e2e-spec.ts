import { afterEach, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { SendMessageRequest, StreamResponse, TaskState } from '@a2a-js/sdk';
import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { labChunk } from '../examples/lab/lab-chunk.js';
import type { Task } from '../src/protocol/model/index.js';
import { agentOf, Gate } from './support/agent-of.js';
import { GrpcClient, grpcAddress, nextOf, readAll, SERVICES, statusOf, V10 } from './support/grpc.client.js';
import { reasonOf } from './support/grpc-messages.js';
import { DefaultLabAgent } from './support/lab-app.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp, type TestAppOptions } from './support/test-app.js';

const { sendStreamingMessage, subscribeToTask } = SERVICES['1.0'];
const GRPC = { port: 0, authenticate: 'anonymous' as const };
const request = (text: string): SendMessageRequest => SendMessageRequest.fromJSON({ message: textMessage(text) });

const chunksOf = (events: StreamResponse[]): string[] =>
  events.flatMap(({ payload }) => {
    const artifacts =
      payload?.$case === 'artifactUpdate'
        ? [payload.value.artifact]
        : payload?.$case === 'task'
          ? payload.value.artifacts
          : [];
    return artifacts.flatMap((artifact) => artifact?.parts.map(({ content }) => String(content?.value)) ?? []);
  });

/** Counts the bytes that a server sends to those who come by it. */
async function countingProxy(address: string): Promise<{ address: string; bytes(): number; server: Server }> {
  let bytes = 0;
  const server = createServer((client) => {
    const [host, port] = address.split(':');
    const upstream = connect(Number(port), host);
    upstream.on('data', (chunk) => (bytes += chunk.length));
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, bytes: () => bytes, server };
}

describe.each(STORAGES)('a gRPC stream, on %s,', (storage) => {
  let app: TestApp;
  const clients: GrpcClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await app.close();
  });

  async function serve(options: Partial<TestAppOptions> = {}): Promise<GrpcClient> {
    app = await TestApp.start({ storage, agents: [DefaultLabAgent], grpc: GRPC, ...options });
    return client(await grpcAddress(app));
  }
  function client(address: string): GrpcClient {
    const made = new GrpcClient(address);
    clients.push(made);
    return made;
  }
  /** Of the only task there is, without its artifacts. */
  const stateOf = async (id: string): Promise<string | undefined> => {
    const { tasks } = await app.rpc().result<{ tasks: Task[] }>('ListTasks', {});
    return tasks.find((task) => task.id === id)?.status.state;
  };
  const firstOf = (stream: grpc.ClientReadableStream<unknown>): Promise<StreamResponse> => nextOf(stream);
  const idOf = ({ payload }: StreamResponse): string => (payload?.$case === 'task' ? payload.value.id : '');

  it('begins at once, before its agent has said anything', async () => {
    const gate = new Gate();
    const agent = agentOf(async (_context, updater) => {
      await gate.opened;
      await updater.addArtifact('the first token');
    });
    const stream = (await serve({ agents: [agent] })).stream(sendStreamingMessage, request('go'));
    const first = await firstOf(stream);
    expect(first.payload?.$case).toBe('task');
    gate.open();
    const { status, messages } = await readAll<StreamResponse>(stream);
    expect(status.code).toBe(grpc.status.OK);
    expect(chunksOf(messages)).toEqual(['the first token']);
  });

  it('is the same to all its readers, in both versions', async () => {
    const here = await serve();
    const own = here.stream(sendStreamingMessage, request('stream 100 64 30'));
    const first = await firstOf(own);
    const id = idOf(first);
    const others = [
      readAll<StreamResponse>(here.stream(subscribeToTask, { tenant: '', id })),
      readAll<StreamResponse>(here.stream(SERVICES['0.3']['taskSubscription'], { name: `tasks/${id}` }, {})),
    ];
    const all = [first, ...(await readAll<StreamResponse>(own)).messages];
    const expected = Array.from({ length: 100 }, (_, i) => labChunk(i, 64));
    expect(chunksOf(all)).toEqual(expected);
    const [same, older] = await Promise.all(others);
    expect(chunksOf(same!.messages)).toEqual(expected);
    expect(same!.messages.slice(1)).toEqual(all.slice(all.length - same!.messages.length + 1));
    const last = older!.messages.at(-1) as unknown as {
      payload: { value: { final: boolean; status: { state: number } } };
    };
    expect(last.payload.value).toMatchObject({ final: true, status: { state: TaskState.TASK_STATE_COMPLETED } });
  });

  it('of a message that is sent again is the same, also when it came by another binding before', async () => {
    const here = await serve();
    const message = textMessage('stream 5 64');
    const overRpc = await (await app.rpc().stream('SendStreamingMessage', { message })).results<object>();
    const again = SendMessageRequest.fromJSON({ message });
    for (let times = 0; times < 2; times++) {
      const { messages } = await readAll<StreamResponse>(here.stream(sendStreamingMessage, again));
      expect(messages.map((event) => StreamResponse.toJSON(event))).toEqual(
        overRpc.map((event) => StreamResponse.toJSON(StreamResponse.fromJSON(event))),
      );
    }
    const { tasks } = await app.rpc().result<{ tasks: Task[] }>('ListTasks', {});
    expect(tasks).toHaveLength(1);
  });

  it('that is cut is resumed by the number of its last message, with nothing twice and nothing left out', async () => {
    const here = await serve();
    const CHUNKS = 300;
    let stream = here.stream(sendStreamingMessage, request(`stream ${CHUNKS} 64 1`));
    const seen: StreamResponse[] = [];
    let last = 0;
    let done = false;
    while (!done) {
      let count = 0;
      done = await new Promise<boolean>((resolve) => {
        stream
          .on('metadata', (headers: grpc.Metadata) => {
            // Resumed, it begins with the very next event.
            const [number] = headers.get('a2a-event-id');
            expect(Number(number)).toBe(last + 1);
          })
          .on('data', (message: StreamResponse) => {
            if (count >= 90) return;
            seen.push(message);
            last++;
            if (++count === 90) stream.cancel();
          })
          .on('status', ({ code }: grpc.StatusObject) => resolve(code === grpc.status.OK));
      });
      const id = idOf(seen[0]!);
      stream = here.stream(subscribeToTask, { tenant: '', id }, { ...V10, 'last-event-id': String(last) });
    }
    stream.cancel();
    expect(seen).toHaveLength(CHUNKS + 3);
    expect(chunksOf(seen)).toEqual(Array.from({ length: CHUNKS }, (_, i) => labChunk(i, 64)));
  });

  it('that was read to its end ends with OK at once when it is resumed there', async () => {
    const here = await serve();
    const { messages } = await readAll<StreamResponse>(here.stream(sendStreamingMessage, request('stream 3 8')));
    const metadata = { ...V10, 'last-event-id': String(messages.length) };
    const rest = await readAll(here.stream(subscribeToTask, { tenant: '', id: idOf(messages[0]!) }, metadata));
    expect([rest.messages, rest.status.code]).toEqual([[], grpc.status.OK]);
  });

  it.each([
    ['cancels', (stream: grpc.ClientReadableStream<unknown>) => stream.cancel(), {}],
    ['has a deadline', () => undefined, { deadline: 2000 }],
  ])('ends, and its task goes on, when the client %s', async (_, leave, { deadline }: { deadline?: number }) => {
    const gate = new Gate();
    const signals: AbortSignal[] = [];
    const agent = agentOf(async (context, updater) => {
      signals.push(context.signal);
      await updater.startWork();
      await gate.opened;
      await updater.complete();
    });
    const here = await serve({ agents: [agent] });
    const options = deadline === undefined ? {} : { deadline: Date.now() + deadline };
    const stream = here.stream(sendStreamingMessage, request('go'), V10, options);
    const first = await firstOf(stream);
    // Its agent works now.
    await firstOf(stream);
    leave(stream);
    const { code } = await statusOf(stream);
    expect(code).toBe(deadline === undefined ? grpc.status.CANCELLED : grpc.status.DEADLINE_EXCEEDED);
    const id = idOf(first);
    expect(await stateOf(id)).toBe('TASK_STATE_WORKING');
    expect(signals[0]?.aborted).toBe(false);
    const again = here.stream(subscribeToTask, { tenant: '', id });
    await firstOf(again);
    gate.open();
    expect((await readAll(again)).status.code).toBe(grpc.status.OK);
    expect(await stateOf(id)).toBe('TASK_STATE_COMPLETED');
  });

  it('is not needed for this: a client that waits with a deadline leaves its task alone', async () => {
    const gate = new Gate();
    const here = await serve({ agents: [agentOf(() => gate.opened)] });
    const answer = await here.unary(SERVICES['1.0']['sendMessage'], request('go'), V10, {
      deadline: Date.now() + 2000,
    });
    expect(answer.error?.code).toBe(grpc.status.DEADLINE_EXCEEDED);
    const { tasks } = await app.rpc().result<{ tasks: Task[] }>('ListTasks', {});
    expect(tasks).toHaveLength(1);
    const id = tasks[0]!.id;
    const rest = here.stream(subscribeToTask, { tenant: '', id });
    await firstOf(rest);
    gate.open();
    expect((await readAll(rest)).status.code).toBe(grpc.status.OK);
    expect(await stateOf(id)).toBe('TASK_STATE_COMPLETED');
  });

  it('that nobody reads holds up neither the task nor the server, and has everything when it is read', async () => {
    const fast = await serve();
    const proxy = await countingProxy(await grpcAddress(app));
    const slow = client(proxy.address).stream(sendStreamingMessage, request('stream 300 100000'));
    const first = await firstOf(slow);
    const id = idOf(first);
    while ((await stateOf(id)) !== 'TASK_STATE_COMPLETED');
    // 16 messages wait at the client, a batch at the server, and what is between them.
    expect(proxy.bytes()).toBeLessThan(3_000_000);
    const refused = await fast.unary(SERVICES['1.0']['cancelTask'], { tenant: '', id, metadata: undefined });
    expect(reasonOf(refused)).toBe('TASK_NOT_CANCELABLE');
    const { messages, status } = await readAll<StreamResponse>(slow);
    expect(status.code).toBe(grpc.status.OK);
    const chunks = chunksOf(messages);
    expect(chunks).toHaveLength(300);
    expect(chunks.every((text, i) => text === labChunk(i, 100_000))).toBe(true);
    proxy.server.close();
  });

  it('of a task that is not there, or has ended, is refused', async () => {
    const here = await serve();
    const unknown = await readAll(here.stream(subscribeToTask, { tenant: '', id: randomUUID() }));
    expect([unknown.status.code, unknown.messages]).toEqual([grpc.status.NOT_FOUND, []]);
    const { messages } = await readAll<StreamResponse>(here.stream(sendStreamingMessage, request('echo x')));
    const id = idOf(messages[0]!);
    const ended = await readAll(here.stream(subscribeToTask, { tenant: '', id }));
    expect(ended.status.code).toBe(grpc.status.FAILED_PRECONDITION);
    // v0.3 has the task, and then the end.
    const older = await readAll(here.stream(SERVICES['0.3']['taskSubscription'], { name: `tasks/${id}` }, {}));
    expect([older.status.code, older.messages]).toEqual([grpc.status.OK, [expect.anything()]]);
  });
});
