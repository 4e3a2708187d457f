import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type CanActivate, type ExecutionContext, Logger, UseGuards } from '@nestjs/common';
import { A2aAgent, type RequestContext, type TaskUpdater, getA2aContext } from '../src/index.js';
import type { Task } from '../src/protocol/model/index.js';
import { TASK_STORE, type TaskStore } from '../src/tasks/task-store.interface.js';
import { GrpcClient, grpcAddress, SERVICES, V10 as GRPC_V10 } from './support/grpc.client.js';
import { reasonOf } from './support/grpc-messages.js';
import { http } from './support/rest.client.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { untilAborted } from './support/until-aborted.js';

const asked: string[] = [];

/** Lets everybody begin, and nobody cancel what is to be kept, unless the request says `force`. */
class KeepGuard implements CanActivate {
  canActivate(ctx: ExecutionContext): boolean {
    const { request } = getA2aContext(ctx);
    asked.push(`${ctx.getHandler().name} ${request.userText} ${request.turn}`);
    return ctx.getHandler().name !== 'cancel' || request.userText !== 'keep' || request.metadata['force'] === true;
  }
}

const skills = [{ id: 's', name: 'S', description: 'd', tags: ['t'] }];
const aborted: string[] = [];

const stopped = async (context: RequestContext): Promise<void> => {
  await untilAborted(context);
  aborted.push(context.userText);
};

@UseGuards(KeepGuard)
@A2aAgent({ id: 'by-class', description: 'Is guarded, and has no cancel', default: true, skills })
class GuardedAgent {
  execute(context: RequestContext): Promise<void> {
    return stopped(context);
  }
}

@A2aAgent({ id: 'by-method', description: 'Has a guarded cancel', skills })
class GuardedCancelAgent {
  execute(context: RequestContext): Promise<void> {
    return stopped(context);
  }
  @UseGuards(KeepGuard)
  async cancel(_context: RequestContext, updater: TaskUpdater): Promise<void> {
    await updater.cancel('as you wish');
  }
}

describe.each(STORAGES)('a cancel that a guard of the agent refuses, on %s', (storage) => {
  let app: TestApp;
  let client: GrpcClient | undefined;
  afterEach(async () => {
    jest.restoreAllMocks();
    client?.close();
    client = undefined;
    await app.close();
  });

  const serve = async (): Promise<void> => {
    for (const list of [asked, aborted]) list.length = 0;
    app = await TestApp.start({
      storage,
      agents: [GuardedAgent, GuardedCancelAgent],
      grpc: { port: 0, authenticate: 'anonymous' },
      execution: { drainMs: 0 },
    });
  };
  const begin = async (text: string, agent?: string): Promise<string> => {
    const params = { message: textMessage(text), configuration: { returnImmediately: true } };
    return (await app.rpc(agent).result<{ task: Task }>('SendMessage', params)).task.id;
  };
  /** Nothing of it was stored, and nobody was told. */
  const untouched = async (id: string, agent = 'by-class'): Promise<void> => {
    const store = app.app.get<TaskStore>(TASK_STORE, { strict: false });
    const scope = { tenant: '', owner: 'anonymous', agent, protocolVersion: '1.0', requestedExtensions: [] } as const;
    const head = await store.head(scope, id);
    expect(head).toMatchObject({ taskId: id, lastSeq: 1, fence: 1 });
    expect(head?.cancelRequestedAt).toBeUndefined();
    expect(aborted).toEqual([]);
  };

  it('is answered PERMISSION_DENIED over every binding and version, and has no effect', async () => {
    await serve();
    const id = await begin('keep');
    expect((await app.rpc().call('CancelTask', { id })).error).toMatchObject({
      code: -32043,
      data: [{ reason: 'PERMISSION_DENIED' }],
    });
    expect((await app.rpc(undefined, {}).call('tasks/cancel', { id })).error?.code).toBe(-32043);
    expect((await http(`${app.origin}/tasks/${id}:cancel`, { method: 'POST', body: {} })).status).toBe(403);
    const old = await http(`${app.origin}/v1/tasks/${id}:cancel`, { method: 'POST', body: {}, headers: {} });
    expect(old.status).toBe(403);
    client = new GrpcClient(await grpcAddress(app));
    const v10 = { id, tenant: '', metadata: undefined };
    expect(reasonOf(await client.unary(SERVICES['1.0']['cancelTask'], v10, GRPC_V10))).toBe('PERMISSION_DENIED');
    const v03 = await client.unary(SERVICES['0.3']['cancelTask'], { name: `tasks/${id}` }, {});
    expect(v03.error?.details).toContain('not allowed');
    expect(asked).toEqual(['execute keep 1', ...Array.from({ length: 6 }, () => 'cancel keep 1')]);
    await untouched(id);
  });

  it('is refused by a guard of the method cancel alone as well, which is asked once', async () => {
    await serve();
    const id = await begin('keep', 'by-method');
    expect((await app.rpc('by-method').call('CancelTask', { id })).error?.code).toBe(-32043);
    await untouched(id, 'by-method');
    const canceled = await app.rpc('by-method').result<Task>('CancelTask', { id, metadata: { force: true } });
    expect(canceled.status).toMatchObject({
      state: 'TASK_STATE_CANCELED',
      message: { parts: [{ text: 'as you wish' }] },
    });
    expect(asked).toEqual(['cancel keep 1', 'cancel keep 1']);
    const again = await app.rpc('by-method').call('CancelTask', { id });
    expect(again.error).toMatchObject({ data: [{ reason: 'TASK_NOT_CANCELABLE' }] });
  });

  it('says of a task that is not there just that, and cancels what it may', async () => {
    await serve();
    const missing = await app.rpc().call('CancelTask', { id: 'nope' });
    expect(missing.error).toMatchObject({ data: [{ reason: 'TASK_NOT_FOUND' }] });
    const id = await begin('drop');
    expect((await app.rpc().result<Task>('CancelTask', { id })).status.state).toBe('TASK_STATE_CANCELED');
    expect(asked).toEqual(['execute drop 1', 'cancel drop 1']);
  });

  it('is one warning in the log, without a stack', async () => {
    await serve();
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await app.rpc().call('CancelTask', { id: await begin('keep') });
    expect(warn.mock.calls).toEqual([["A guard of agent 'by-class' refused a cancel: PERMISSION_DENIED."]]);
    expect(error).not.toHaveBeenCalled();
  });
});
