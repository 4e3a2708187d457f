import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentExecutor } from '../src/agents/agent-executor.interface.js';
import { DrainService } from '../src/execution/drain.service.js';
import { RunRegistry } from '../src/execution/runs/run.registry.js';
import { unavailable } from '../src/protocol/errors/index.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { INBOX_STORE, type InboxStore } from '../src/tasks/inbox-store.interface.js';
import { RUN_STORE, type RunStore } from '../src/tasks/run-store.interface.js';
import { TASK_STORE, type TaskStore } from '../src/tasks/task-store.interface.js';
import { Gate, agentOf } from './support/agent-of.js';
import { inboxPuts } from './support/inbox-puts.js';
import { textMessage, v03Message } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';

const away = () => unavailable('away');

describe.each(STORAGES)('a task between two turns, on %s', (storage) => {
  let app: TestApp;
  const first = { gate: new Gate() };
  afterEach(() => app.close());

  const asksOnce: AgentExecutor['execute'] = async ({ turn, userText }, updater) => {
    if (turn === 1) await first.gate.opened;
    await updater.addArtifact(userText);
    if (turn === 1) await updater.requiresInput();
  };

  async function serve(execute = asksOnce) {
    first.gate = new Gate();
    app = await TestApp.start({ storage, agents: [agentOf(execute)], execution: { drainMs: 50 } });
    // It takes what nobody runs, which here is the test's to see.
    await app.stopRecovery();
    return {
      store: app.app.get<TaskStore>(TASK_STORE, { strict: false }),
      runs: app.app.get<RunStore>(RUN_STORE, { strict: false }),
      inbox: app.app.get<InboxStore>(INBOX_STORE, { strict: false }),
    };
  }

  async function begin(text: string, fields = {}): Promise<string> {
    const params = { message: textMessage(text, fields), configuration: { returnImmediately: true } };
    return (await app.rpc().result<{ task: Task }>('SendMessage', params)).task.id;
  }

  async function asked(): Promise<string> {
    first.gate.open();
    const { task } = await app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('one') });
    while (app.app.get(RunRegistry, { strict: false }).size > 0) await sleep(5);
    return task.id;
  }

  const answer = (id: string, message = textMessage('two', { taskId: id })) =>
    app.rpc().result<{ task: Task }>('SendMessage', { message });

  const completed = { task: { status: { state: 'TASK_STATE_COMPLETED' } } };

  it('takes its next message although the storage was away when the run ended', async () => {
    const { runs } = await serve();
    const id = await begin('one');
    jest.spyOn(runs, 'release').mockRejectedValueOnce(away()).mockRejectedValueOnce(away());
    first.gate.open();
    expect(await answer(id)).toMatchObject(completed);
  });

  it.each(['nextTurn', 'peek', 'get'] as const)('goes on although the storage was away at %s', async (step) => {
    const { runs, inbox, store } = await serve();
    const id = await begin('one');
    const isPut = inboxPuts(app);
    const second = answer(id);
    await isPut(1);
    const failing = { nextTurn: runs, peek: inbox, get: store }[step] as unknown as Record<
      string,
      () => Promise<never>
    >;
    jest.spyOn(failing, step).mockRejectedValueOnce(away());
    first.gate.open();
    expect(await second).toMatchObject(completed);
  });

  it.each(['release', 'nextTurn'] as const)('counts once when the answer to %s was lost', async (step) => {
    const { runs, store } = await serve();
    const id = await begin('one');
    const isPut = inboxPuts(app);
    const second = answer(id);
    await isPut(1);
    const real = runs[step].bind(runs) as (...args: unknown[]) => Promise<never>;
    jest.spyOn(runs, step).mockImplementationOnce(async (...args: unknown[]) => {
      await real(...args);
      throw away();
    });
    first.gate.open();
    expect(await second).toMatchObject(completed);
    const caller = { owner: 'anonymous', tenant: '', agent: 'test', protocolVersion: '1.0' as const };
    const head = await store.head({ ...caller, requestedExtensions: [] }, id);
    expect(head).toMatchObject({ turn: 2, attempt: 1, fence: 1 });
  });

  it('starts for a message that is sent again after its claim failed', async () => {
    const { runs } = await serve();
    const id = await asked();
    jest.spyOn(runs, 'claimTurn').mockRejectedValueOnce(away());
    const message = textMessage('two', { taskId: id });
    expect((await app.rpc().call('SendMessage', { message })).error?.message).toBe('away');
    expect(await answer(id, message)).toMatchObject(completed);
  });

  it('starts for a message that is sent again after the answer to its claim was lost', async () => {
    const { runs } = await serve();
    const id = await asked();
    const claimTurn = runs.claimTurn.bind(runs);
    jest.spyOn(runs, 'claimTurn').mockImplementationOnce(async (...args) => {
      await claimTurn(...args);
      throw away();
    });
    const message = textMessage('two', { taskId: id });
    expect((await app.rpc().call('SendMessage', { message })).error?.message).toBe('away');
    const { task } = await answer(id, message);
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(task.artifacts).toHaveLength(2);
  });

  it('runs one turn per message when many arrive at once', async () => {
    await serve(async ({ userText }, updater) => {
      await updater.addArtifact(userText);
      await updater.requiresInput();
    });
    const id = await asked();
    const texts = Array.from({ length: 10 }, (_, i) => `m${i}`);
    await Promise.all(texts.map((text) => answer(id, textMessage(text, { taskId: id }))));
    while (app.app.get(RunRegistry, { strict: false }).size > 0) await sleep(5);
    const task = await app.rpc().result<Task>('GetTask', { id });
    const written = (task.artifacts ?? []).flatMap(({ parts }) =>
      parts.map((part) => ('text' in part ? part.text : '')),
    );
    expect(written.sort()).toEqual([...texts, 'one'].sort());
  });

  it('is canceled at once while its run lets go of it', async () => {
    const { runs } = await serve();
    const id = await begin('one');
    const release = runs.release.bind(runs);
    const releasing = new Gate();
    const canceling = new Gate();
    jest.spyOn(runs, 'release').mockImplementationOnce(async (run) => {
      releasing.open();
      await canceling.opened;
      return release(run);
    });
    first.gate.open();
    await releasing.opened;
    const requestCancel = runs.requestCancel.bind(runs);
    jest.spyOn(runs, 'requestCancel').mockImplementationOnce(async (...args) => {
      const head = await requestCancel(...args);
      setImmediate(() => canceling.open());
      return head;
    });
    // The force that comes when a run does not obey would come after 7 s.
    const canceled = await app.rpc().result<Task>('CancelTask', { id });
    expect(canceled.status.state).toBe('TASK_STATE_CANCELED');
  });

  it('is canceled at once when its run ended between the wish and the look for it', async () => {
    const { runs } = await serve();
    const id = await begin('one');
    const requestCancel = runs.requestCancel.bind(runs);
    jest.spyOn(runs, 'requestCancel').mockImplementationOnce(async (...args) => {
      const head = await requestCancel(...args);
      first.gate.open();
      while (app.app.get(RunRegistry, { strict: false }).size > 0) await sleep(5);
      return head;
    });
    const canceled = await app.rpc().result<Task>('CancelTask', { id });
    expect(canceled.status.state).toBe('TASK_STATE_CANCELED');
  });

  it('begins no other when the process is shutting down', async () => {
    let turns = 0;
    const { runs } = await serve(async ({ turn }, updater) => {
      turns = turn;
      await first.gate.opened;
      await updater.requiresInput();
    });
    const id = await begin('one');
    await begin('two', { taskId: id });
    const nextTurn = runs.nextTurn.bind(runs);
    jest.spyOn(runs, 'nextTurn').mockImplementationOnce(async (run, from) => {
      await sleep(200);
      return nextTurn(run, from);
    });
    first.gate.open();
    await app.app.get(DrainService, { strict: false }).drain();
    expect(turns).toBe(1);
    expect(app.app.get(RunRegistry, { strict: false }).size).toBe(0);
  });

  it('shows others nothing of what its agent does to the message and the task that it was given', async () => {
    await serve(async ({ message, currentTask }, updater) => {
      message.parts.length = 0;
      currentTask?.history?.push({ messageId: 'x', role: 'ROLE_USER', parts: [{ text: 'never said' }] });
      await updater.addArtifact('x');
    });
    const { task } = await app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('hi') });
    expect(task.history).toMatchObject([{ parts: [{ text: 'hi' }] }]);
    expect(await app.rpc().result<Task>('GetTask', { id: task.id })).toEqual(task);
    const params = { message: textMessage('hi'), configuration: { historyLength: 5 } };
    const [opening] = await (await app.rpc().stream('SendStreamingMessage', params)).results<StreamResponse>();
    expect(opening).toMatchObject({ task: { history: [{ parts: [{ text: 'hi' }] }] } });
  });

  it('tells its agent of each turn how that message was sent', async () => {
    const told: unknown[] = [];
    await serve(async ({ caller, turn }, updater) => {
      told.push([turn, caller.protocolVersion, caller.requestedExtensions]);
      await updater.requiresInput();
    });
    const { task } = await app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('one') });
    const v03 = app.rpc(undefined, { 'X-A2A-Extensions': 'urn:x:old' });
    await v03.result('message/send', { message: v03Message('two', { taskId: task.id }) });
    const message = textMessage('three', { taskId: task.id });
    await app.rpc().call('SendMessage', { message }, { 'A2A-Extensions': 'urn:x:a, urn:x:b' });
    expect(told).toEqual([
      [1, '1.0', []],
      [2, '0.3', ['urn:x:old']],
      [3, '1.0', ['urn:x:a', 'urn:x:b']],
    ]);
  });
});
