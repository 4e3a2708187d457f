import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { V03_SERVICE, V10_SERVICE } from '../src/transports/grpc/grpc.services.js';
import { agentOf } from './support/agent-of.js';
import { GrpcClient, grpcAddress } from './support/grpc.client.js';
import { ADAPTERS, TestApp } from './support/test-app.js';

const VALUES = 150_000;
const LIMIT_MS = 240_000;
/** Of 9.5 MB. */
const ARRAYS = `[${Array<string>(3_150_000).fill('[]').join(',')}]`;
const KEYS = `{${Array.from({ length: 800_000 }, (_, n) => `"k${n}":1`).join(',')}}`;
/** Honest content. */
const NUMBERS = `[${Array.from({ length: 100_000 }, (_, n) => n).join(',')}]`;

const V10_MESSAGE = (data: string, id: string): string =>
  `{"message":{"messageId":"${id}","role":"ROLE_USER","parts":[{"text":"echo hi"},{"data":${data}}]}}`;
const V03_MESSAGE = (data: string, id: string): string =>
  `{"message":{"kind":"message","messageId":"${id}","role":"user","parts":[{"kind":"text","text":"echo hi"},{"kind":"data","data":{"of":${data}}}]}}`;
const V03_PROTO_MESSAGE = (data: string, id: string): string =>
  `{"message":{"messageId":"${id}","role":"ROLE_USER","content":[{"text":"echo hi"},{"data":{"data":{"of":${data}}}}]}}`;
const rpc = (method: string, params: string): string =>
  `{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`;

interface Binding {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  body(data: string, id: string): string;
}

const BINDINGS: readonly Binding[] = [
  {
    name: 'JSON-RPC v1.0',
    path: '/agents/lab',
    version: '1.0',
    body: (data, id) => rpc('SendMessage', V10_MESSAGE(data, id)),
  },
  {
    name: 'JSON-RPC v0.3',
    path: '/agents/lab',
    version: '0.3',
    body: (data, id) => rpc('message/send', V03_MESSAGE(data, id)),
  },
  { name: 'HTTP+JSON v1.0', path: '/agents/lab/message:send', version: '1.0', body: V10_MESSAGE },
  { name: 'HTTP+JSON v0.3', path: '/agents/lab/v1/message:send', version: '0.3', body: V03_PROTO_MESSAGE },
];

describe.each(ADAPTERS)('a request of very many JSON values, on %s', (adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({
      adapter,
      agents: [agentOf((_context, updater) => updater.complete()), LabAgent],
      grpc: { host: '127.0.0.1', port: 0, authenticate: 'anonymous' },
    });
  }, LIMIT_MS);
  afterAll(() => app.close());

  async function send(binding: Binding, body: string | Buffer): Promise<{ status: number; text: string }> {
    const response = await fetch(`${app.origin}${binding.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': binding.version },
      body,
    });
    return { status: response.status, text: await response.text() };
  }

  it.each(BINDINGS)(
    'is refused over $name, naming the limit; an array of 100,000 numbers is not',
    async (binding) => {
      for (const data of [ARRAYS, KEYS]) {
        const { text } = await send(binding, binding.body(data, 'many'));
        expect(text).toContain(`more than ${VALUES} values and keys`);
      }
      const { status, text } = await send(binding, binding.body(NUMBERS, `numbers-${binding.name}`));
      expect([status, text.slice(0, 300)]).toEqual([200, expect.stringContaining('id')]);
      expect(text).toContain('99999');
      expect(text).toMatch(/"(TASK_STATE_COMPLETED|completed)"/);
    },
    LIMIT_MS,
  );

  it.each(BINDINGS)('may begin with a byte order mark over $name', async (binding) => {
    const body = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      Buffer.from(binding.body('1', `bom-${binding.name}`)),
    ]);
    const { status, text } = await send(binding, body);
    expect([status, text]).toEqual([200, expect.stringMatching(/"(TASK_STATE_COMPLETED|completed)"/)]);
  });

  it.each([
    { name: 'v1.0', service: V10_SERVICE, parts: 'parts', version: '1.0' },
    { name: 'v0.3', service: V03_SERVICE, parts: 'content', version: '0.3' },
  ])(
    'is refused over gRPC $name, naming the limit; an array of 100,000 numbers is not',
    async ({ service, parts, version, name }) => {
      const method = service.methods['SendMessage'];
      if (!method) throw new Error('There is no SendMessage.');
      const definition = {
        path: `/${service.name}/SendMessage`,
        requestSerialize: (bytes: Buffer) => bytes,
        responseDeserialize: (bytes: Buffer) => bytes,
      };
      const client = new GrpcClient(await grpcAddress(app));
      const call = (content: object[]) => {
        const message = { messageId: `grpc-${name}`, role: 'ROLE_USER', [parts]: content };
        return client.unary(definition, method.request.encode({ message }), {
          'a2a-version': version,
          'x-a2a-agent': 'lab',
        });
      };
      try {
        const refused = await call(Array<object>(2_000_000).fill({}));
        expect(refused.error?.code).toBe(grpc.status.INVALID_ARGUMENT);
        expect(refused.error?.details).toContain(`holds more than ${VALUES} fields`);
        const data = Array.from({ length: 100_000 }, (_, n) => n);
        const taken = await call([{ text: 'echo hi' }, { data: name === 'v1.0' ? data : { data: { of: data } } }]);
        expect(taken.error).toBeUndefined();
      } finally {
        client.close();
      }
    },
    LIMIT_MS,
  );
});
