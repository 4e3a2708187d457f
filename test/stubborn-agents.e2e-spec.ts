import { afterEach, describe, expect, it } from '@jest/globals';
import { createHook } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentExecutor } from '../src/agents/agent-executor.interface.js';
import type { A2aAgentOptions } from '../src/agents/agent-options.js';
import { QUEUE_MANAGER, type QueueManager } from '../src/events/queue-manager.interface.js';
import { RunRegistry } from '../src/execution/runs/run.registry.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { Gate, agentOf } from './support/agent-of.js';
import { textMessage, v03Message } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';

const forever = (): Promise<void> => new Promise(() => undefined);

/** Timers that wait, those included that would not keep the process alive. */
class LiveTimers {
  readonly #live = new Set<number>();
  readonly #hook = createHook({
    init: (id, type) => void (type === 'Timeout' && this.#live.add(id)),
    destroy: (id) => void this.#live.delete(id),
  }).enable();

  get count(): number {
    return this.#live.size;
  }

  stop(): void {
    this.#hook.disable();
  }
}

describe.each(STORAGES)('an agent on %s', (storage) => {
  let app: TestApp;
  afterEach(() => app.close());

  async function serve(
    execute: AgentExecutor['execute'],
    options: Partial<A2aAgentOptions> & Pick<AgentExecutor, 'cancel'> = {},
  ): Promise<void> {
    const execution = { cancelTimeoutMs: 100, drainMs: 100, deadlineMs: 60_000 };
    app = await TestApp.start({ storage, agents: [agentOf(execute, options)], execution });
  }

  const runs = (): number => app.app.get(RunRegistry, { strict: false }).size;
  const queues = (): string[] => app.app.get<QueueManager>(QUEUE_MANAGER, { strict: false }).taskIds();
  async function untilIdle(): Promise<void> {
    while (runs() > 0 || queues().length > 0) await sleep(5);
  }

  async function begin(text = 'go'): Promise<string> {
    const params = { message: textMessage(text), configuration: { returnImmediately: true } };
    return (await app.rpc().result<{ task: Task }>('SendMessage', params)).task.id;
  }

  const send = async (fields = {}): Promise<Task> =>
    (await app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('go', fields) })).task;

  it('that throws at once, without a promise, fails its task and leaves nothing behind', async () => {
    await serve(() => {
      throw new Error('the secret of the agent');
    });
    const task = await send();
    expect(task.status).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: { role: 'ROLE_AGENT', metadata: { reason: 'AGENT_ERROR' } },
    });
    const stream = await app.rpc().stream('SendStreamingMessage', { message: textMessage('go') });
    const results = await stream.results<StreamResponse>();
    expect(results.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_FAILED' } } });
    const old = await app.rpc(undefined, {}).result('message/send', { message: v03Message('go') });
    expect(old).toMatchObject({ kind: 'task', status: { state: 'failed' } });
    expect(JSON.stringify([task, results, old])).not.toContain('secret');
    await untilIdle();
  });

  it('that asks and is never answered holds no run, no queue and no timer', async () => {
    await serve(async ({ turn }, updater) => {
      await (turn === 3 ? updater.complete() : updater.requiresInput('and then?'));
    });
    await send();
    await untilIdle();
    const timers = new LiveTimers();
    try {
      const asked: Task[] = [];
      for (let i = 0; i < 40; i++) {
        asked.push(...(await Promise.all(Array.from({ length: 5 }, () => send()))));
      }
      // Half of them hear one answer, and ask again.
      for (const { id, status } of asked.splice(0, 100)) {
        expect(status.state).toBe('TASK_STATE_INPUT_REQUIRED');
        expect((await send({ taskId: id })).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
      }
      await untilIdle();
      // What is left is the pool's and the connections' own.
      expect(timers.count).toBeLessThan(70);
    } finally {
      timers.stop();
    }
  });

  it('that never ends is canceled within the limit, whether it listens to the signal or not', async () => {
    await serve(forever);
    const id = await begin();
    const waiting = app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('more', { taskId: id }) });
    waiting.catch(() => undefined);
    const canceled = await app.rpc().result<Task>('CancelTask', { id });
    expect(canceled.status.state).toBe('TASK_STATE_CANCELED');
    await expect(waiting).rejects.toThrow(/ended/);
    await untilIdle();
  });

  it('whose own cancel never ends is canceled within the limit', async () => {
    const started = new Gate();
    await serve(
      async () => {
        started.open();
        await forever();
      },
      { cancel: forever },
    );
    const id = await begin();
    await started.opened;
    const answers = await Promise.all([
      app.rpc().call<Task>('CancelTask', { id }),
      app.rpc().call<Task>('CancelTask', { id }),
    ]);
    for (const { result } of answers) expect(result?.status.state).toBe('TASK_STATE_CANCELED');
    await untilIdle();
  });

  it('that takes longer than its deadline fails with DEADLINE, which ends every wait for it', async () => {
    await serve(forever, { deadlineMs: 200 });
    const streaming = app
      .rpc()
      .stream('SendStreamingMessage', { message: textMessage('go') })
      .then((stream) => stream.results<StreamResponse>());
    const task = await send();
    const failed = { state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'DEADLINE' } } };
    expect(task.status).toMatchObject(failed);
    expect((await streaming).at(-1)).toMatchObject({ statusUpdate: { status: failed } });
    expect(await app.rpc().result('GetTask', { id: task.id })).toEqual(task);
    await untilIdle();
  });

  it('that floods the updater without waiting is slowed down, and nothing is lost', async () => {
    let refused = 0;
    await serve(async (_context, updater) => {
      for (let i = 0; i < 3000; i++) updater.appendArtifact('a', `${i}`).catch(() => refused++);
    });
    const task = await send();
    const parts = task.artifacts?.[0]?.parts ?? [];
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(parts.length + refused).toBe(3000);
    expect(parts.map((part) => ('text' in part ? part.text : ''))).toEqual(parts.map((_, i) => `${i}`));
  });

  it.each(['null \u0000', 'half \ud800 of a pair'])('that says %j, which no request may, is told so', async (text) => {
    const told: unknown[] = [];
    await serve(async (_context, updater) => {
      const refused = (error: unknown): void => void told.push(error);
      await updater.appendArtifact('a', text).catch(refused);
      await updater.appendArtifact('a', 'b', { metadata: { [text]: 1 } }).catch(refused);
      await updater.complete(text).catch(refused);
      await updater.complete();
    });
    const task = await send();
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(task.artifacts ?? []).toEqual([]);
    expect(told).toEqual([expect.any(TypeError), expect.any(TypeError), expect.any(TypeError)]);
  });

  it('that says what texts may hold, however strange, has it stored and shown as it is', async () => {
    const texts = ['\u2028 \\u0000', '\ud83d\ude00', '\u0001\u007f\ufffe'];
    await serve(async (_context, updater) => {
      for (const text of texts) await updater.appendArtifact('a', text, { metadata: { [text]: text } });
      await updater.complete(texts[0]);
    });
    const { id } = await send();
    const task = await app.rpc().result<Task>('GetTask', { id });
    expect(task.status).toMatchObject({ state: 'TASK_STATE_COMPLETED', message: { parts: [{ text: texts[0] }] } });
    expect(task.artifacts?.[0]?.parts).toEqual(texts.map((text) => ({ text })));
    expect(task.artifacts?.[0]?.metadata).toEqual(Object.fromEntries(texts.map((text) => [text, text])));
  });

  it('that produces more than a task may hold fails with TASK_TOO_LARGE and keeps what was accepted', async () => {
    const options = {
      storage,
      agents: [agentOf(tooMuch)],
      execution: { maxTaskBytes: 100_000, maxEventBytes: 20_000 },
    };
    app = await TestApp.start(options);
    const many = await send();
    expect(many.status).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: { metadata: { reason: 'TASK_TOO_LARGE' } },
    });
    expect(many.artifacts?.[0]?.parts.length).toBeGreaterThan(5);
    const { task: one } = await app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('one') });
    expect(one.status).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: { metadata: { reason: 'TASK_TOO_LARGE' } },
    });
    expect(one.artifacts).toEqual([]);
  });
});

const tooMuch: AgentExecutor['execute'] = async ({ userText }, updater) => {
  const bytes = userText === 'one' ? 20_001 : 10_000;
  for (let i = 0; i < 100; i++) await updater.appendArtifact('a', 'x'.repeat(bytes));
};
