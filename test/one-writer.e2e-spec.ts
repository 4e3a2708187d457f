import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentExecutor } from '../src/agents/agent-executor.interface.js';
import type { A2aAgentOptions } from '../src/agents/agent-options.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { Gate, agentOf } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { untilAborted } from './support/until-aborted.js';

const texts = (task: Task): string[] =>
  (task.artifacts ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));

describe.each(STORAGES)('one writer per task, on %s', (storage) => {
  let app: TestApp;
  afterEach(() => app.close());

  async function serve(
    execute: AgentExecutor['execute'],
    options: Partial<A2aAgentOptions> & Pick<AgentExecutor, 'cancel'> = {},
  ) {
    app = await TestApp.start({ storage, agents: [agentOf(execute, options)], execution: { cancelTimeoutMs: 300 } });
    return app.rpc();
  }

  async function begin(text: string, fields = {}): Promise<{ id: string; contextId: string }> {
    const params = { message: textMessage(text, fields), configuration: { returnImmediately: true } };
    return (await app.rpc().result<{ task: Task }>('SendMessage', params)).task;
  }

  const get = (id: string): Promise<Task> => app.rpc().result<Task>('GetTask', { id });

  async function settled(id: string): Promise<Task> {
    for (;;) {
      const task = await get(id);
      if (/COMPLETED|FAILED|CANCELED|REJECTED|REQUIRED/.test(task.status.state)) return task;
      await sleep(20);
    }
  }

  it('stores each chunk once while a cancel waits for the run', async () => {
    const started = new Gate();
    await serve(async (context, updater) => {
      await updater.addArtifact('one', { artifactId: 'a' });
      started.open();
      await untilAborted(context);
      for (const chunk of ['two', 'three']) await updater.appendArtifact('a', chunk);
      await updater.cancel();
    });
    const { id } = await begin('go');
    await started.opened;
    const canceled = await app.rpc().result<Task>('CancelTask', { id });
    expect(canceled.status.state).toBe('TASK_STATE_CANCELED');
    expect(texts(canceled)).toEqual(['one', 'two', 'three']);
  });

  it('runs a second message after the first, and stores each event of both once', async () => {
    const first = new Gate();
    await serve(async (context, updater) => {
      const { turn } = context;
      if (turn === 1) await first.opened;
      for (let i = 0; i < 3; i++) await updater.addArtifact(`turn${turn}`);
      if (turn === 1) await updater.requiresInput('more?');
      else await updater.complete();
    });
    const { id } = await begin('go');
    const second = app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('and on', { taskId: id }) });
    await sleep(50);
    first.open();
    const { task } = await second;
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(texts(task)).toEqual(['turn1', 'turn1', 'turn1', 'turn2', 'turn2', 'turn2']);
    expect(task.history?.map(({ parts: [part] }) => part && 'text' in part && part.text)).toEqual([
      'go',
      'more?',
      'and on',
    ]);
  });

  it('keeps the first stream alive when a follow-up arrives', async () => {
    const half = new Gate();
    const answered = new Gate();
    await serve(async (context, updater) => {
      if (context.turn === 2) return;
      for (let i = 0; i < 30; i++) {
        await updater.appendArtifact('a', `${i} `);
        if (i === 12) {
          half.open();
          await answered.opened;
        }
      }
      await updater.requiresInput();
    });
    const stream = await app.rpc().stream('SendStreamingMessage', { message: textMessage('go') });
    const results: StreamResponse[] = [];
    for await (const { data } of stream) {
      const { result } = JSON.parse(data) as { result: StreamResponse };
      results.push(result);
      if (!('task' in result)) continue;
      await half.opened;
      const params = {
        message: textMessage('more', { taskId: result.task.id }),
        configuration: { returnImmediately: true },
      };
      await app.rpc().result('SendMessage', params);
      answered.open();
    }
    const chunks = results.flatMap((result) =>
      'artifactUpdate' in result ? result.artifactUpdate.artifact.parts : [],
    );
    expect(chunks).toHaveLength(30);
    const id = (results[0] as { task: Task }).task.id;
    expect((await settled(id)).status.state).toMatch(/COMPLETED|INPUT_REQUIRED/);
  });

  it('takes Task events of an agent as its status and artifacts, on a stream as in a call', async () => {
    const execute: AgentExecutor['execute'] = async function* ({ taskId, contextId }) {
      const artifacts = [{ artifactId: 'a', parts: [{ text: 'x' }] }];
      yield { task: { id: taskId, contextId, status: { state: 'TASK_STATE_WORKING' } } };
      yield { task: { id: taskId, contextId, status: { state: 'TASK_STATE_COMPLETED' }, artifacts } };
    };
    const rpc = await serve(execute);
    const sent = (await rpc.result<{ task: Task }>('SendMessage', { message: textMessage('go') })).task;
    const stream = await rpc.stream('SendStreamingMessage', { message: textMessage('go') });
    const [first] = await stream.results<{ task: Task }>();
    for (const task of [sent, await get(first!.task.id)]) {
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
      expect(texts(task)).toEqual(['x']);
    }
  });

  it('stores the whole run although its reader left after the first event', async () => {
    const left = new Gate();
    await serve(async (_context, updater) => {
      await left.opened;
      for (let i = 0; i < 20; i++) await updater.appendArtifact('a', `${i}`);
    });
    const stream = await app.rpc().stream('SendStreamingMessage', { message: textMessage('go') });
    let id = '';
    for await (const { data } of stream) {
      id = (JSON.parse(data) as { result: { task: Task } }).result.task.id;
      break;
    }
    stream.close();
    await sleep(50);
    left.open();
    const task = await settled(id);
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(texts(task)).toHaveLength(20);
  });

  it('keeps a canceled task canceled whatever its agent still emits', async () => {
    const canceled = new Gate();
    const refused: unknown[] = [];
    const done = new Gate();
    await serve(async ({ taskId, contextId }, updater) => {
      await canceled.opened;
      await updater.addArtifact('late').catch((error: unknown) => refused.push(error));
      await updater
        .emit({ task: { id: taskId, contextId, status: { state: 'TASK_STATE_COMPLETED' } } })
        .catch((error: unknown) => refused.push(error));
      done.open();
    });
    const { id } = await begin('go');
    expect((await app.rpc().result<Task>('CancelTask', { id })).status.state).toBe('TASK_STATE_CANCELED');
    canceled.open();
    await done.opened;
    expect(refused).toHaveLength(2);
    const task = await get(id);
    expect(task.status.state).toBe('TASK_STATE_CANCELED');
    expect(texts(task)).toEqual([]);
    const again = await app.rpc().call('CancelTask', { id });
    expect(again.error?.code).toBe(-32002);
  });

  it('loses no chunk to messages that arrive while chunks are written', async () => {
    await serve(async ({ turn }, updater) => {
      if (turn === 1) {
        for (let i = 0; i < 200; i++) {
          await updater.appendArtifact('a', `${i}`);
          if (i % 10 === 0) await sleep(1);
        }
        await updater.requiresInput();
      } else if (turn === 6) await updater.complete();
      else await updater.requiresInput();
    });
    const { id } = await begin('go');
    const sends = Array.from({ length: 5 }, async (_, i) => {
      await sleep(i * 5);
      return app.rpc().result('SendMessage', { message: textMessage(`m${i}`, { taskId: id }) });
    });
    await Promise.all(sends);
    const task = await settled(id);
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(texts(task)).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`));
    expect(task.history?.filter(({ role }) => role === 'ROLE_USER')).toHaveLength(6);
  });
});
