import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { A2aAgent } from '../src/agents/a2a-agent.decorator.js';
import type { RequestContext } from '../src/agents/request-context.js';
import type { TaskUpdater } from '../src/agents/task-updater.js';
import { a2aLogContext, type LogContext } from '../src/common/logging/log-context.js';
import { A2aTasks } from '../src/transports/in-process/a2a-tasks.js';
import { GrpcClient, grpcAddress, readAll, SERVICES } from './support/grpc.client.js';
import { send, v03Send } from './support/grpc-messages.js';
import { textMessage, V10, v03Message } from './support/rpc.client.js';
import { ADAPTERS, TestApp } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SENT = { 'x-request-id': 'req-7', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** What each place said of itself. */
const seen: Record<string, (LogContext | undefined)[]> = {};
const see = (place: string): void => void (seen[place] ??= []).push(a2aLogContext());

/** Of the agent. */
@Injectable()
class SeeingGuard implements CanActivate {
  canActivate(): boolean {
    see('guard');
    return true;
  }
}

/** Of the application. */
@Injectable()
class RouteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    see('route');
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    if (headers['x-test'] === 'refuse') throw new UnauthorizedException();
    return true;
  }
}

const SKILLS = [{ id: 'see', name: 'See', description: 'Sees', tags: ['test'] }];

@A2aAgent({ id: 'seeing', description: 'Sees its context', skills: SKILLS, default: true })
@UseGuards(SeeingGuard)
class SeeingAgent {
  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    see('agent');
    // Nothing awaits it.
    setTimeout(() => see('timer'), 1);
    if (context.userText === 'ask') return updater.requiresInput('more?');
    await updater.addArtifact('seen');
  }
}

describe.each(ADAPTERS)('the log context on %s', (adapter) => {
  let app: TestApp;
  let grpc: GrpcClient;
  beforeAll(async () => {
    app = await TestApp.start({
      adapter,
      logContext: true,
      agents: [SeeingAgent, { provide: APP_GUARD, useClass: RouteGuard }],
      grpc: { port: 0, authenticate: () => ({ owner: 'alice' }) },
    });
    grpc = new GrpcClient(await grpcAddress(app));
  });
  afterAll(async () => {
    grpc.close();
    await app.close();
  });
  beforeEach(() => {
    for (const place of Object.keys(seen)) delete seen[place];
  });

  const post = (path: string, body: unknown, headers: Record<string, string>): Promise<Response> =>
    fetch(app.origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const rpc = (method: string, params: unknown, headers: Record<string, string> = {}) =>
    post('/', { jsonrpc: '2.0', id: 1, method, params }, headers);

  const message = textMessage('hi');
  const calls = {
    'JSON-RPC 1.0': (headers: object) => rpc('SendMessage', { message: textMessage('hi') }, { ...V10, ...headers }),
    'JSON-RPC 0.3': (headers: object) => rpc('message/send', { message: v03Message('hi') }, { ...headers }),
    'JSON-RPC 1.0, a stream': (headers: object) =>
      rpc('SendStreamingMessage', { message: textMessage('hi') }, { ...V10, ...headers }),
    'HTTP+JSON 1.0': (headers: object) => post('/message:send', { message: textMessage('hi') }, { ...V10, ...headers }),
    'HTTP+JSON 0.3': (headers: object) =>
      post(
        '/v1/message:send',
        { request: { messageId: message.messageId, role: 'ROLE_USER', content: [{ text: 'hi' }] } },
        { ...headers },
      ),
  };

  it.each(Object.entries(calls))('reaches the agent and what it starts over %s', async (_name, call) => {
    const response = await call(SENT);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toBe('req-7');
    await response.text();
    await until(() => seen['timer'] !== undefined);
    const expected = {
      requestId: 'req-7',
      traceId: TRACE,
      agent: 'seeing',
      owner: 'anonymous',
      taskId: expect.stringMatching(UUID),
      contextId: expect.stringMatching(UUID),
    };
    expect(seen['agent']).toEqual([expected]);
    expect(seen['timer']).toEqual([expected]);
    expect(seen['route']).toEqual([{ requestId: 'req-7', traceId: TRACE }]);
    // The guard of the agent runs before there is a task.
    expect(seen['guard']).toEqual([{ requestId: 'req-7', traceId: TRACE, agent: 'seeing', owner: 'anonymous' }]);
  });

  it.each([
    ['1.0', SERVICES['1.0']['sendMessage'], send(), { 'a2a-version': '1.0' }],
    ['0.3', SERVICES['0.3']['sendMessage'], v03Send('hi'), {}],
  ] as const)('reaches the agent over gRPC %s', async (_version, method, request, metadata) => {
    const { headers, error } = await grpc.unary(method, request, { ...metadata, ...SENT });
    expect(error).toBeUndefined();
    expect(headers.get('x-request-id')).toEqual(['req-7']);
    await until(() => seen['agent'] !== undefined);
    expect(seen['agent']).toMatchObject([{ requestId: 'req-7', traceId: TRACE, agent: 'seeing', owner: 'alice' }]);
  });

  it('gives each request without a valid id a new one, in errors too', async () => {
    const refused = [
      await rpc('Nothing', {}, { ...V10, 'x-request-id': 'not valid!' }),
      await rpc('GetTask', { id: 'none' }, V10),
      await post('/agents/none/message:send', {}, V10),
      await fetch(`${app.origin}/tasks/none`, { headers: V10 }),
      await fetch(`${app.origin}/tasks/none/events`),
      await fetch(`${app.origin}/tasks/none`, { method: 'PUT' }),
      await rpc('GetTask', { id: 'none' }, { ...V10, 'x-test': 'refuse' }),
    ];
    expect(refused.at(-1)?.status).toBe(401);
    const ids = refused.map(({ headers }) => headers.get('x-request-id'));
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(ids.length);
    const call = await grpc.unary(SERVICES['1.0']['getTask'], { tenant: '', id: 'none' });
    expect(call.error).toBeDefined();
    expect([...call.headers.get('x-request-id'), ...call.trailers.get('x-request-id')]).toEqual([
      expect.stringMatching(UUID),
    ]);
    const stream = grpc.stream(SERVICES['1.0']['sendStreamingMessage'], send());
    const sent = new Promise<unknown>((resolve) => stream.once('metadata', resolve));
    await readAll(stream);
    expect(((await sent) as { get(name: string): unknown[] }).get('x-request-id')).toEqual([
      expect.stringMatching(UUID),
    ]);
  });

  it('does not give the id of a finished request to the turn of another', async () => {
    const first = await rpc('SendMessage', { message: textMessage('ask') }, { ...V10, 'x-request-id': 'first' });
    const { result } = (await first.json()) as { result: { task: { id: string; contextId: string } } };
    const { id: taskId, contextId } = result.task;
    const next = textMessage('more', { taskId, contextId });
    await (await rpc('SendMessage', { message: next }, { ...V10, 'x-request-id': 'second' })).text();
    expect(seen['agent']?.[0]).toMatchObject({ requestId: 'first', taskId });
    expect(seen['agent']?.[1]).toMatchObject({ taskId, contextId, agent: 'seeing', owner: 'anonymous' });
    expect(seen['agent']?.[1]?.requestId).not.toBe('first');
    // The request itself names the task.
    expect(seen['guard']?.at(-1)).toMatchObject({ requestId: 'second', taskId });
  });

  it('reaches agents that are called in process', async () => {
    await app.app.get(A2aTasks).send('hi', { agent: 'seeing', owner: 'bob' });
    expect(seen['agent']).toEqual([
      { agent: 'seeing', owner: 'bob', taskId: expect.anything(), contextId: expect.anything() },
    ]);
  });
});

describe('without logContext', () => {
  it('requests get no id, and there is no context', async () => {
    const app = await TestApp.start({ agents: [SeeingAgent] });
    for (const place of Object.keys(seen)) delete seen[place];
    const response = await fetch(`${app.origin}/message:send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...V10, ...SENT },
      body: JSON.stringify({ message: textMessage('hi') }),
    });
    expect(response.headers.has('x-request-id')).toBe(false);
    expect(seen['agent']).toEqual([undefined]);
    await app.close();
  });
});
