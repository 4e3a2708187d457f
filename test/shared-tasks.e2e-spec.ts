import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RunAborted } from '../src/agents/agent-executor.interface.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { setA2aPrincipal } from '../src/security/principal.js';
import { ANONYMOUS } from '../src/security/call-context.js';
import { RUN_STORE, type RunStore } from '../src/tasks/run-store.interface.js';
import { TASK_STORE, type TaskStore } from '../src/tasks/task-store.interface.js';
import { chunk, status } from '../src/testing/contracts/fixtures.js';
import { Gate, agentOf } from './support/agent-of.js';
import { type RpcClient, V10, textMessage } from './support/rpc.client.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { untilAborted } from './support/until-aborted.js';

const texts = (task: Task): string[] =>
  (task.artifacts ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));
const numbers = (count: number, prefix = ''): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const userTexts = (task: Task): unknown[] =>
  (task.history ?? [])
    .filter(({ role }) => role === 'ROLE_USER')
    .map(({ parts: [part] }) => part && 'text' in part && part.text);

async function begin(rpc: RpcClient, text: string, fields = {}): Promise<Task> {
  const params = { message: textMessage(text, fields), configuration: { returnImmediately: true } };
  return (await rpc.result<{ task: Task }>('SendMessage', params)).task;
}

/** Users of one organisation own each other's tasks; the rest of the world does not. */
@Injectable()
class OrganisationGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    const [, organisation] = (request.headers['x-user'] ?? '').split('@');
    if (organisation) setA2aPrincipal(request, { owner: organisation });
    return organisation !== undefined;
  }
}

describe.each(STORAGES)('users who share an owner, on %s,', (storage) => {
  let app: TestApp;
  afterEach(() => app.close());
  const as = (user: string): RpcClient => app.rpc(undefined, { ...V10, 'x-user': user });

  it('write to one task at once, and nothing is lost or doubled', async () => {
    const joined = new Gate();
    const agent = agentOf(async ({ turn }, updater) => {
      for (let i = 0; i < 40; i++) {
        await updater.appendArtifact('a', `${turn}:${i}`);
        if (turn === 1 && i === 10) await joined.opened;
      }
      await (turn === 3 ? updater.complete() : updater.requiresInput(`turn ${turn} is over`));
    });
    app = await TestApp.start({ storage, agents: [agent, { provide: APP_GUARD, useClass: OrganisationGuard }] });
    const { id } = await begin(as('alice@acme'), 'from alice');
    const watching = (await as('bob@acme').stream('SubscribeToTask', { id })).results<StreamResponse>();
    const sends = [
      begin(as('bob@acme'), 'from bob', { taskId: id }),
      begin(as('carol@acme'), 'from carol', { taskId: id }),
    ];
    await Promise.all(sends);
    joined.open();
    const seen = await watching;
    expect(seen.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    for (const user of ['alice@acme', 'bob@acme', 'carol@acme']) {
      const task = await as(user).result<Task>('GetTask', { id });
      expect(texts(task)).toEqual([...numbers(40, '1:'), ...numbers(40, '2:'), ...numbers(40, '3:')]);
      expect(userTexts(task).sort()).toEqual(['from alice', 'from bob', 'from carol']);
    }
    const stranger = await as('mallory@evil').call('GetTask', { id });
    expect(stranger.error?.code).toBe(-32001);
    const nobody = await app.rpc().call('GetTask', { id });
    expect(nobody.error).toBeDefined();
  });
});

describe('two applications on one database', () => {
  let database: TestDatabase;
  const apps: TestApp[] = [];
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await database.drop();
  });

  async function start(agent: ReturnType<typeof agentOf>): Promise<TestApp> {
    const execution = { cancelTimeoutMs: 100, drainMs: 100 };
    const app = await TestApp.start({ databaseUrl: database.url, agents: [agent], execution });
    apps.push(app);
    return app;
  }

  it('refuse what a run writes after the other one took its task, and overwrite nothing', async () => {
    const [half, taken, over] = [new Gate(), new Gate(), new Gate()];
    let reason: unknown;
    const agent = agentOf(async ({ signal }, updater) => {
      for (const text of numbers(10)) await updater.appendArtifact('a', text);
      half.open();
      await taken.opened;
      for (const text of numbers(10, 'late ')) await updater.appendArtifact('a', text).catch(() => undefined);
      await untilAborted({ signal });
      reason = signal.reason;
      over.open();
    });
    const [one, two] = [await start(agent), await start(agent)];
    // The owner of this test has no process: the recovery would take the task away from it.
    await Promise.all([one.stopRecovery(), two.stopRecovery()]);
    const { id } = await begin(one.rpc(), 'go');
    await half.opened;
    const stored = async (): Promise<Task> => two.rpc().result<Task>('GetTask', { id });
    while (texts(await stored()).length < 10);
    const scope = { owner: ANONYMOUS, tenant: '', agent: 'test' };
    const context = { ...scope, protocolVersion: '1.0' as const, requestedExtensions: [] };
    const seized = await two.app.get<RunStore>(RUN_STORE, { strict: false }).forceClaim(context, id, 'two');
    const events = ['the new owner', 'goes on'].map((text) => chunk(text, 'b'));
    const append = {
      run: seized!.run,
      firstSeq: seized!.lastSeq + 1,
      events: [...events, status('TASK_STATE_COMPLETED')],
    };
    const log = two.app.get<TaskStore>(TASK_STORE, { strict: false });
    // The old owner writes at the same time.
    taken.open();
    expect(await log.append(append)).toMatchObject({ ok: true });
    await over.opened;
    expect(reason).toMatchObject({ name: RunAborted.name, why: 'lost-ownership' });
    for (const app of [one, two]) {
      const task = await app.rpc().result<Task>('GetTask', { id });
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
      expect(texts(task)).toEqual([...numbers(10), 'the new owner', 'goes on']);
    }
  });

  it('take turns on one task: each run goes on where the last one ended', async () => {
    const agent = agentOf(async ({ turn, history }, updater) => {
      for (const text of numbers(5, `${turn}:`)) await updater.appendArtifact('a', text);
      if (turn === 6) await updater.complete(`heard ${history.length}`);
      else await updater.requiresInput();
    });
    const clients = [(await start(agent)).rpc(), (await start(agent)).rpc()];
    const { id } = (await clients[0]!.result<{ task: Task }>('SendMessage', { message: textMessage('m0') })).task;
    for (let turn = 1; turn < 6; turn++) {
      const message = textMessage(`m${turn}`, { taskId: id });
      await clients[turn % 2]!.result('SendMessage', { message });
    }
    for (const client of clients) {
      const task = await client.result<Task>('GetTask', { id });
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
      expect(texts(task)).toEqual(numbers(6).flatMap((turn) => numbers(5, `${Number(turn) + 1}:`)));
      expect(userTexts(task)).toEqual(numbers(6, 'm'));
    }
  });

  it('run a message that reaches both at once on one of them', async () => {
    let runs = 0;
    const agent = agentOf(async ({ turn }, updater) => {
      runs++;
      await updater.addArtifact(`turn ${turn}`);
      await (turn === 1 ? updater.requiresInput() : updater.complete());
    });
    const clients = [(await start(agent)).rpc(), (await start(agent)).rpc()];
    const first = textMessage('go');
    const begun = await Promise.all(
      clients.map((rpc) => rpc.result<{ task: Task }>('SendMessage', { message: first })),
    );
    expect(new Set(begun.map(({ task }) => task.id)).size).toBe(1);
    const message = textMessage('on', { taskId: begun[0]!.task.id });
    const ended = await Promise.all(clients.map((rpc) => rpc.result<{ task: Task }>('SendMessage', { message })));
    for (const { task } of ended) {
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
      expect(texts(task)).toEqual(['turn 1', 'turn 2']);
    }
    expect(runs).toBe(2);
  });
});
