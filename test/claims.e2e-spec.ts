import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  A2aAgent,
  type A2aClaims,
  type A2aPrincipal,
  A2aTasks,
  getA2aContext,
  type RequestContext,
  setA2aPrincipal,
  type TaskUpdater,
} from '../src/index.js';
import type { Task } from '../src/protocol/model/index.js';
import { Gate } from './support/agent-of.js';
import { GrpcClient, grpcAddress, SERVICES, V10 as GRPC_V10 } from './support/grpc.client.js';
import { reasonOf, send, taskOf } from './support/grpc-messages.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp, type TestAppOptions } from './support/test-app.js';
import { createTestDatabase } from './support/test-database.js';
import { until } from '../src/testing/contracts/until.js';

const CLAIMS: A2aClaims = { scopes: ['read', 'write'], roles: ['approver'], department: 'claims' };

const principalOf = (key: string | undefined): A2aPrincipal =>
  key === 'approver' ? { owner: 'alice', claims: CLAIMS } : { owner: 'bob', claims: { roles: ['reader'] } };

/** Sets the principal of an HTTP request. */
@Injectable()
class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    setA2aPrincipal(request, principalOf(request.headers['x-key']));
    return true;
  }
}

/** Around the agent: lets only approvers in. */
class ApproverGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return getA2aContext(context).request.caller.claims?.roles?.includes('approver') === true;
  }
}

/** What the agent was told, by the text of the message. */
const seen = new Map<string, A2aClaims | undefined>();
let gate: Gate;

@UseGuards(ApproverGuard)
@A2aAgent({
  id: 'guarded',
  description: 'Works for approvers only',
  default: true,
  resumable: true,
  skills: [{ id: 's', name: 'S', description: 'd', tags: ['t'] }],
})
class ApprovalAgent {
  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    seen.set(`${context.userText} ${context.attempt}`, context.caller.claims);
    if (context.userText === 'hold' && context.attempt === 1) await gate.opened;
    if (context.userText === 'ask') await updater.requiresInput('What else?');
  }
}

describe.each(STORAGES)('the claims of a caller, on %s', (storage) => {
  let app: TestApp;
  let client: GrpcClient | undefined;
  beforeEach(() => {
    seen.clear();
    gate = new Gate();
  });
  afterEach(async () => {
    gate.open();
    client?.close();
    client = undefined;
    await app.close();
  });

  const serve = (options: Partial<TestAppOptions> = {}): Promise<TestApp> =>
    TestApp.start({
      storage,
      agents: [ApprovalAgent, { provide: APP_GUARD, useClass: KeyGuard }],
      grpc: { port: 0, authenticate: ({ headers }) => principalOf(headers['x-key']) },
      ...options,
    });
  const say = async (text: string, taskId?: string): Promise<Task> => {
    const message = textMessage(text, taskId === undefined ? {} : { taskId });
    const { result, error } = await app.rpc().call<{ task: Task }>('SendMessage', { message }, { 'x-key': 'approver' });
    if (!result) throw new Error(JSON.stringify(error));
    return result.task;
  };

  it('are seen by guards of the agent and by the agent, over JSON-RPC and HTTP+JSON', async () => {
    app = await serve();
    await say('hi');
    expect(seen.get('hi 1')).toEqual(CLAIMS);
    const refused = await app.rpc().call('SendMessage', { message: textMessage('hi') }, { 'x-key': 'reader' });
    expect(refused.error).toMatchObject({ data: [{ reason: 'PERMISSION_DENIED' }] });
    const rest = (key: string, text: string) =>
      fetch(`${app.origin}/message:send`, {
        method: 'POST',
        headers: { 'A2A-Version': '1.0', 'content-type': 'application/json', 'x-key': key },
        body: JSON.stringify({ message: textMessage(text) }),
      });
    expect((await rest('reader', 'rest')).status).toBe(403);
    expect((await rest('approver', 'rest')).status).toBe(200);
    expect(seen.get('rest 1')).toEqual(CLAIMS);
  });

  it('are seen over gRPC alike, through the same execution context', async () => {
    app = await serve();
    client = new GrpcClient(await grpcAddress(app));
    const call = (key: string) =>
      client!.unary(SERVICES['1.0']['sendMessage'], send({ parts: [{ text: 'hi' }] }), { ...GRPC_V10, 'x-key': key });
    expect(reasonOf(await call('reader'))).toBe('PERMISSION_DENIED');
    expect(taskOf(await call('approver')).id).not.toBe('');
    expect(seen.get('hi 1')).toEqual(CLAIMS);
  });

  it('are seen in calls of the application itself', async () => {
    app = await serve();
    const tasks = app.app.get(A2aTasks, { strict: false });
    const caller = { agent: 'guarded', owner: 'alice' };
    await expect(tasks.send('hi', caller)).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
    await tasks.send('hi', { ...caller, claims: { roles: ['approver'] } });
    expect(seen.get('hi 1')).toEqual({ roles: ['approver'] });
  });

  it('are not there in a follow-up turn, unless the option keeps them', async () => {
    app = await serve();
    await say('more', (await say('ask')).id);
    expect(seen.get('ask 1')).toEqual(CLAIMS);
    expect(seen.get('more 1')).toBeUndefined();
    await app.close();
    app = await serve({ principal: { keepClaims: ['roles', 'scopes', 'absent'] } });
    await say('more', (await say('ask')).id);
    expect(seen.get('more 1')).toEqual({ roles: ['approver'], scopes: ['read', 'write'] });
  });

  it('that are kept go with a task that had to wait in the run queue', async () => {
    app = await serve({ execution: { maxRuns: 1 }, principal: { keepClaims: ['roles'] } });
    const first = say('hold');
    await until(() => seen.has('hold 1'));
    const second = say('queued');
    const waiting = () => app.rpc().call<{ totalSize: number }>('ListTasks', {}, { 'x-key': 'approver' });
    await until(async () => (await waiting()).result?.totalSize === 2);
    gate.open();
    await Promise.all([first, second]);
    expect(seen.get('queued 1')).toEqual({ roles: ['approver'] });
  });

  it('that are too large to keep refuse the message, and nothing is stored', async () => {
    app = await serve({ principal: { keepClaims: ['roles', 'note'] } });
    const tasks = app.app.get(A2aTasks, { strict: false });
    const claims = { roles: ['approver'], note: 'x'.repeat(9_000) };
    const caller = { agent: 'guarded', owner: 'alice', claims };
    await expect(tasks.send('hi', caller)).rejects.toThrow(/principal\.keepClaims/);
    expect((await tasks.list({}, caller)).totalSize).toBe(0);
  });
});

describe('a task that another replica takes over', () => {
  it('has the claims that are kept, and no others', async () => {
    seen.clear();
    gate = new Gate();
    const database = await createTestDatabase();
    const options: TestAppOptions = {
      agents: [ApprovalAgent, { provide: APP_GUARD, useClass: KeyGuard }],
      databaseUrl: database.url,
      execution: { drainMs: 0, recoveryMs: 200 },
      principal: { keepClaims: ['roles'] },
    };
    const first = await TestApp.start(options);
    await first
      .rpc()
      .call(
        'SendMessage',
        { message: textMessage('hold'), configuration: { returnImmediately: true } },
        { 'x-key': 'approver' },
      );
    await until(() => seen.has('hold 1'));
    const second = await TestApp.start(options);
    await first.close();
    while (!seen.has('hold 2')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen.get('hold 1')).toEqual(CLAIMS);
    expect(seen.get('hold 2')).toEqual({ roles: ['approver'] });
    gate.open();
    await second.close();
    await database.drop();
  });
});
