import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type CanActivate, type ExecutionContext, Logger, UseGuards } from '@nestjs/common';
import { A2aAgent, type AgentEvents, getA2aContext } from '../src/index.js';
import { GrpcClient, grpcAddress, SERVICES, V10 as GRPC_V10 } from './support/grpc.client.js';
import { reasonOf, send } from './support/grpc-messages.js';
import { textMessage, V10, v03Message } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';

/** Refuses who says no. */
class PoliteGuard implements CanActivate {
  canActivate(ctx: ExecutionContext): boolean {
    return getA2aContext(ctx).request.userText !== 'no';
  }
}

const skills = [{ id: 's', name: 'S', description: 'd', tags: ['t'] }];

@UseGuards(PoliteGuard)
@A2aAgent({ id: 'guarded', description: 'Is guarded', default: true, skills })
class GuardedAgent {
  async *execute(): AgentEvents {
    yield { statusUpdate: { status: { state: 'TASK_STATE_INPUT_REQUIRED' } } };
  }
}

describe.each(STORAGES)('a message that a guard of the agent refuses, on %s', (storage) => {
  let app: TestApp;
  let client: GrpcClient | undefined;
  afterEach(async () => {
    jest.restoreAllMocks();
    client?.close();
    client = undefined;
    await app.close();
  });

  const serve = async (): Promise<void> => {
    app = await TestApp.start({ storage, agents: [GuardedAgent], grpc: { port: 0, authenticate: 'anonymous' } });
  };
  const tasks = async (): Promise<number> => (await app.rpc().result<{ totalSize: number }>('ListTasks')).totalSize;

  it.each(['SendMessage', 'SendStreamingMessage'])(
    'by %s is answered PERMISSION_DENIED, and makes no task',
    async (method) => {
      await serve();
      const refused = await app.rpc().call(method, { message: textMessage('no') });
      expect(refused.error).toMatchObject({ code: -32043, data: [{ reason: 'PERMISSION_DENIED' }] });
      expect(await tasks()).toBe(0);
    },
  );

  it('is refused over every other binding and version as well', async () => {
    await serve();
    const old = await app.rpc(undefined, {}).call('message/send', { message: v03Message('no') });
    expect(old.error?.code).toBe(-32043);
    const rest = await fetch(`${app.origin}/message:send`, {
      method: 'POST',
      headers: { ...V10, 'content-type': 'application/json' },
      body: JSON.stringify({ message: textMessage('no') }),
    });
    expect(rest.status).toBe(403);
    client = new GrpcClient(await grpcAddress(app));
    const answer = await client.unary(SERVICES['1.0']['sendMessage'], send({ parts: [{ text: 'no' }] }), GRPC_V10);
    expect(reasonOf(answer)).toBe('PERMISSION_DENIED');
    expect(await tasks()).toBe(0);
  });

  it('is not put into the inbox of a task either', async () => {
    await serve();
    const { task } = await app.rpc().result<{ task: { id: string } }>('SendMessage', { message: textMessage('yes') });
    const { error } = await app.rpc().call('SendMessage', { message: textMessage('no', { taskId: task.id }) });
    expect(error).toMatchObject({ code: -32043 });
    const { history } = await app.rpc().result<{ history: object[] }>('GetTask', { id: task.id });
    expect(history).toHaveLength(1);
  });

  it('is one warning in the log, without a stack', async () => {
    await serve();
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await app.rpc().call('SendMessage', { message: textMessage('no') });
    expect(warn.mock.calls).toEqual([["A guard of agent 'guarded' refused a message: PERMISSION_DENIED."]]);
    expect(error).not.toHaveBeenCalled();
  });
});
