import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { ListTasksRequest, Message, SendMessageRequest, type Task } from '@a2a-js/sdk';
import { decodeStatus } from '@a2a-js/sdk/errors/grpc';
import { service as Health } from 'grpc-health-check';
import { randomUUID } from 'node:crypto';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { agentOf } from './support/agent-of.js';
import { GrpcClient, grpcAddress, SERVICES } from './support/grpc.client.js';
import { reasonOf, send, taskOf, v03Send } from './support/grpc-messages.js';
import { TestApp } from './support/test-app.js';

const v10 = SERVICES['1.0'];
const v03 = SERVICES['0.3'];
const URI = 'https://extensions.example/trace/v1';

/** Bytes that are no message of the definition's. */
const withRequest = (definition: unknown, bytes: Buffer): unknown => ({
  ...(definition as object),
  requestSerialize: () => bytes,
});

let app: TestApp;
let client: GrpcClient;
beforeAll(async () => {
  const agent = agentOf(
    async (context, updater) => {
      await updater.addArtifact(context.userText);
    },
    { extensions: [{ uri: URI }] },
  );
  app = await TestApp.start({ agents: [agent, LabAgent], grpc: { port: 0, authenticate: 'anonymous' } });
  client = new GrpcClient(await grpcAddress(app));
});
afterAll(async () => {
  client.close();
  await app.close();
});

describe('what a gRPC request says', () => {
  it('is what the agent and the task have: bytes, null, numbers, nested lists, keys of any name', async () => {
    const data = { n: null, i: 3, f: -1.5, big: 1e300, list: [[], [null, [1]]], o: { '': {} }, t: true };
    const message = {
      messageId: randomUUID(),
      role: 'ROLE_USER',
      parts: [
        { raw: Buffer.from([0, 255, 128]).toString('base64'), filename: 'f.bin', mediaType: 'text/plain' },
        { data },
        { data: [1, 'two'] },
        { text: '', metadata: { k: [null] } },
        { url: 'https://x.example/f' },
      ],
      metadata: data,
      extensions: [URI],
      referenceTaskIds: [],
    };
    const task = taskOf(await client.unary(v10['sendMessage'], SendMessageRequest.fromJSON({ message })));
    const { referenceTaskIds: _, ...same } = message;
    const sent = { ...same, taskId: task.id, contextId: task.contextId };
    expect(Message.toJSON(task.history[0]!)).toEqual(sent);
    const { history } = await app.rpc().result<{ history: object[] }>('GetTask', { id: task.id });
    expect(history[0]).toMatchObject(sent);
  });

  it('tells null in a data part from nothing', async () => {
    const request = send();
    request.message!.parts[0]!.content = { $case: 'data', value: null };
    const task = taskOf(await client.unary(v10['sendMessage'], request));
    expect(task.history[0]?.parts[0]?.content).toEqual({ $case: 'data', value: null });
    request.message!.messageId = randomUUID();
    request.message!.parts[0]!.content = undefined;
    const refused = await client.unary(v10['sendMessage'], request);
    expect(reasonOf(refused)).toBe('INVALID_PARAMS');
    expect(refused.error?.details).toContain('message.parts[0]');
  });

  it.each([
    [undefined, 1],
    [0, 0],
    [5, 1],
  ])('of historyLength %j is kept apart from unset', async (historyLength, messages) => {
    const { id } = taskOf(await client.unary(v10['sendMessage'], send()));
    const { message } = await client.unary(v10['getTask'], { tenant: '', id, historyLength });
    expect((message as Task).history).toHaveLength(messages);
  });

  it('in v0.3 asks for all messages with historyLength 0, which is its unset', async () => {
    const { message } = await client.unary(v03['sendMessage'], v03Send('x'), {});
    const { id } = (message as { payload: { value: { id: string } } }).payload.value;
    const got = await client.unary(v03['getTask'], { name: `tasks/${id}`, historyLength: 0 }, {});
    expect((got.message as { history: unknown[] }).history).toHaveLength(1);
  });

  it('in v0.3 waits without a configuration, and does what blocking says in one', async () => {
    const states = [];
    for (const configuration of [undefined, { blocking: true }, { blocking: false }]) {
      const all = configuration && {
        acceptedOutputModes: [],
        historyLength: 0,
        pushNotification: undefined,
        ...configuration,
      };
      const request = v03Send('sleep 200', all);
      const { message } = await client.unary(v03['sendMessage'], request, { 'x-a2a-agent': 'lab' });
      states.push((message as { payload: { value: { status: { state: number } } } }).payload.value.status.state);
    }
    expect(states.slice(0, 2)).toEqual([3, 3]);
    expect([1, 2]).toContain(states[2]);
  });

  it('is checked like that of any binding, with all fields that are wrong', async () => {
    const message = { messageId: '', role: 'ROLE_UNSPECIFIED', parts: [] };
    const answer = await client.unary(v10['sendMessage'], SendMessageRequest.fromJSON({ message }));
    expect(answer.error?.code).toBe(grpc.status.INVALID_ARGUMENT);
    const { details } = decodeStatus(answer.trailers.get('grpc-status-details-bin')[0] as Buffer);
    const violations = Buffer.from(details[1]!.value).toString();
    for (const field of ['message.messageId', 'message.role', 'message.parts']) expect(violations).toContain(field);
  });

  it('in v0.3 is told by its own names', async () => {
    const request = v03Send('x') as { request: { content: unknown[] } };
    request.request.content = [];
    const { error } = await client.unary(v03['sendMessage'], request, {});
    expect(error?.details).toContain('message.content');
  });

  it.each([
    ['an enum without a name', () => client.unary(v10['sendMessage'], { ...send(), message: { ...send().message, role: 7 } }), 'message.role'],
    ['a state without a name', () => client.unary(v10['listTasks'], { ...ListTasksRequest.fromJSON({}), status: 99 }), 'status'],
    ['a page of 0', () => client.unary(v10['listTasks'], ListTasksRequest.fromJSON({ pageSize: 0 })), 'pageSize'],
    ['a negative history', () => client.unary(v10['getTask'], { tenant: '', id: 'x', historyLength: -1 }), 'historyLength'],
    ['a time beyond the year 9999', () => client.unary(withRequest(v10['listTasks'], Buffer.from([58, 9, 8, 128, 128, 128, 128, 128, 128, 128, 2])), {}), 'statusTimestampAfter'],
    ['NaN', () => client.unary(v10['sendMessage'], { ...send(), metadata: { x: Number.NaN } }), 'metadata.x'],
    ['no id at all', () => client.unary(v10['cancelTask'], { tenant: '', id: '', metadata: undefined }), 'id'],
  ])('is refused by name for %s', async (_, call, field) => {
    const answer = await call();
    expect([reasonOf(answer), answer.error?.code]).toEqual(['INVALID_PARAMS', grpc.status.INVALID_ARGUMENT]);
    expect(answer.error?.details).toContain(`: ${field} `);
  }); // prettier-ignore

  it.each([
    ['are cut off', Buffer.from([18, 200, 1, 10]), 'The request is cut off or broken.'],
    ['hold text that is not UTF-8', Buffer.from([10, 2, 0xc3, 0x28]), 'The request holds text that is not UTF-8.'],
    ['nest without end', nested(2000), 'The request is nested deeper than 256 levels.'],
  ])('is refused when its bytes %s', async (_, bytes, text) => {
    const answer = await client.unary(withRequest(v10['sendMessage'], bytes), {});
    expect(answer.error).toMatchObject({ code: grpc.status.INVALID_ARGUMENT, details: text });
    expect(reasonOf(answer)).toBe('INVALID_REQUEST');
  });

  it('may hold fields of later versions', async () => {
    const { requestSerialize } = v10['sendMessage'] as { requestSerialize(request: object): Buffer };
    // Field 99, a text.
    const bytes = Buffer.concat([requestSerialize(send()), Buffer.from([0x9a, 6, 1, 65])]);
    expect(taskOf(await client.unary(withRequest(v10['sendMessage'], bytes), {})).id).not.toBe('');
  });
});

/** SendMessageRequest.metadata: structs in structs. */
function nested(levels: number): Buffer {
  let value: Buffer = Buffer.alloc(0);
  const wrapped = (tag: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([tag, ...varint(bytes.length)]), bytes]);
  for (let i = 0; i < levels; i++)
    value = wrapped(42, wrapped(10, Buffer.concat([Buffer.from([10, 1, 97]), wrapped(18, value)])));
  return wrapped(34, wrapped(10, Buffer.concat([Buffer.from([10, 1, 97]), wrapped(18, value)])));
}
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

describe('limits of gRPC', () => {
  const text = (bytes: number): SendMessageRequest => send({ parts: [{ text: 'x'.repeat(bytes) }] });

  it('let through what JSON-RPC lets through, and no more', async () => {
    expect(taskOf(await client.unary(v10['sendMessage'], text(9_000_000))).id).not.toBe('');
    const { error } = await client.unary(v10['sendMessage'], text(10 * 1024 * 1024));
    expect(error?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  });

  it('count what a compressed message holds', async () => {
    const zipped = new GrpcClient(await grpcAddress(app), undefined, {
      'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
    });
    expect(taskOf(await zipped.unary(v10['sendMessage'], text(1_000_000))).id).not.toBe('');
    const { error } = await zipped.unary(v10['sendMessage'], text(30_000_000));
    expect(error?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
    zipped.close();
  });

  it('answer a call that does not exist', async () => {
    const { error } = await client.unary(
      { ...(v10['getTask'] as object), path: '/lf.a2a.v1.A2AService/Nothing' },
      {
        tenant: '',
        id: 'x',
      },
    );
    expect(error?.code).toBe(grpc.status.UNIMPLEMENTED);
  });
});

describe('the health of gRPC', () => {
  it.each([
    ['', 'SERVING'],
    ['lf.a2a.v1.A2AService', 'SERVING'],
    ['a2a.v1.A2AService', 'SERVING'],
  ])("of '%s' is %s", async (service, status) => {
    const { message } = await client.unary(Health['Check'], { service }, {});
    expect(message).toEqual({ status });
  });

  it('is not known of services that there are none of', async () => {
    const { error } = await client.unary(Health['Check'], { service: 'other' }, {});
    expect(error?.code).toBe(grpc.status.NOT_FOUND);
    const watch = client.stream(Health['Watch'], { service: 'other' }, {});
    const status = await new Promise((resolve) => watch.on('data', resolve).on('error', () => undefined));
    expect(status).toEqual({ status: 'SERVICE_UNKNOWN' });
    watch.cancel();
  });
});
