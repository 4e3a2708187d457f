import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { agentOf } from './support/agent-of.js';
import { GrpcClient, grpcAddress, SERVICES, V10 } from './support/grpc.client.js';
import { reasonOf, send, taskOf, v03Send } from './support/grpc-messages.js';
import { TestApp } from './support/test-app.js';

const v10 = SERVICES['1.0'];
const v03 = SERVICES['0.3'];
const URI = 'https://extensions.example/trace/v1';

let app: TestApp;
let client: GrpcClient;
const contexts: unknown[] = [];
beforeAll(async () => {
  const agent = agentOf(
    async (context, updater) => {
      contexts.push(context.caller);
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

describe('the version of a gRPC call', () => {
  const get = { tenant: '', id: randomUUID(), historyLength: undefined };
  const v03Get = { name: `tasks/${randomUUID()}`, historyLength: 0 };

  it.each([
    ['1.0', '1.0', 'TASK_NOT_FOUND'],
    ['1.0', '1.0.1', 'TASK_NOT_FOUND'],
    ['1.0', undefined, 'VERSION_NOT_SUPPORTED'],
    ['1.0', '', 'VERSION_NOT_SUPPORTED'],
    ['1.0', '0.3', 'VERSION_NOT_SUPPORTED'],
    ['1.0', '99.0', 'VERSION_NOT_SUPPORTED'],
    ['0.3', undefined, 'TASK_NOT_FOUND'],
    ['0.3', '', 'TASK_NOT_FOUND'],
    ['0.3', '0.3', 'TASK_NOT_FOUND'],
    ['0.3', '1.0', 'VERSION_NOT_SUPPORTED'],
  ] as const)('on the service of %s, with %j asked for: %s', async (service, version, reason) => {
    const metadata: Record<string, string> = version === undefined ? {} : { 'a2a-version': version };
    const answer = await client.unary(SERVICES[service]['getTask'], service === '1.0' ? get : v03Get, metadata);
    expect(reasonOf(answer)).toBe(reason);
    const code = reason === 'TASK_NOT_FOUND' ? grpc.status.NOT_FOUND : grpc.status.FAILED_PRECONDITION;
    expect(answer.error?.code).toBe(code);
  });

  it('may be left out on the service of 1.0 when the server is lenient', async () => {
    const lenient = await TestApp.start({
      agents: [agentOf(() => undefined)],
      grpc: { port: 0, authenticate: 'anonymous' },
      http: { lenientVersion: true },
    });
    const other = new GrpcClient(await grpcAddress(lenient));
    expect(reasonOf(await other.unary(v10['getTask'], get, {}))).toBe('TASK_NOT_FOUND');
    other.close();
    await lenient.close();
  });
});

describe('the metadata of a gRPC call', () => {
  it('names an agent; without a name it is the default one', async () => {
    const lab = await client.unary(v10['sendMessage'], send(), { ...V10, 'x-a2a-agent': 'lab' });
    expect(taskOf(lab).artifacts[0]?.artifactId).toBe('echo');
    const standard = taskOf(await client.unary(v10['sendMessage'], send()));
    expect(standard.artifacts[0]?.parts[0]?.content?.value).toBe('echo hi');
    // Each agent has its own tasks.
    const get = { tenant: '', id: standard.id, historyLength: undefined };
    expect(reasonOf(await client.unary(v10['getTask'], get, { ...V10, 'x-a2a-agent': 'lab' }))).toBe('TASK_NOT_FOUND');
  });

  it.each(['nobody', '../x', 'a,b'])('with the name %s, which no agent has, is refused clearly', async (name) => {
    const { error } = await client.unary(v10['sendMessage'], send(), { ...V10, 'x-a2a-agent': name });
    expect(error).toMatchObject({ code: grpc.status.INVALID_ARGUMENT, details: `There is no agent '${name}' here.` });
  });

  it('activates extensions, and is told which', async () => {
    const metadata = { ...V10, 'a2a-extensions': `urn:other, ${URI}` };
    const { headers } = await client.unary(v10['sendMessage'], send(), metadata);
    expect(headers.get('a2a-extensions')).toEqual([URI]);
    expect(contexts.at(-1)).toMatchObject({ requestedExtensions: ['urn:other', URI], protocolVersion: '1.0' });
    const older = await client.unary(v03['sendMessage'], v03Send('x'), { 'x-a2a-extensions': URI });
    expect(older.headers.get('x-a2a-extensions')).toEqual([URI]);
    expect((await client.unary(v10['sendMessage'], send())).headers.get('a2a-extensions')).toEqual([]);
  });
});
