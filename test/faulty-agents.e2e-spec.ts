import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentExecutor } from '../src/agents/agent-executor.interface.js';
import type { A2aAgentOptions } from '../src/agents/agent-options.js';
import type { Task } from '../src/protocol/model/index.js';
import { agentOf, Gate } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

describe.each(STORAGES)('an agent that makes mistakes, on %s', (storage) => {
  let app: TestApp;
  afterEach(async () => {
    jest.restoreAllMocks();
    Logger.overrideLogger(['error', 'warn']);
    await app.close();
  });

  async function taskOf(execute: AgentExecutor['execute'], options: Partial<A2aAgentOptions> = {}): Promise<Task> {
    app = await TestApp.start({ storage, agents: [agentOf(execute, options)] });
    return (await app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('go') })).task;
  }
  const reasonOf = ({ status }: Task): unknown => status.message?.metadata?.['reason'];

  it('and sends metadata that is no object fails for a safe reason, and its task can be read', async () => {
    const task = await taskOf(async (_context, updater) => {
      await updater.addArtifact('fine');
      await updater.addArtifact('bad', { metadata: 'secret' as never });
    });
    expect([task.status.state, reasonOf(task)]).toEqual(['TASK_STATE_FAILED', 'INVALID_AGENT_RESPONSE']);
    expect(task.artifacts).toHaveLength(1);
    expect(JSON.stringify(task)).not.toContain('secret');
  });

  it('and catches that goes on', async () => {
    let caught: unknown;
    const task = await taskOf(async (_context, updater) => {
      await updater.addArtifact('bad', { name: 5 as never }).catch((error: unknown) => (caught = error));
      await updater.complete('fine');
    });
    expect(caught).toBeInstanceOf(TypeError);
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  });

  it('and cuts an emoji in two by its yields has it whole', async () => {
    const task = await taskOf(async function* () {
      yield '\uD83D';
      yield '\uDE00';
      yield '!';
    });
    const parts = task.artifacts?.[0]?.parts ?? [];
    expect(parts.map((part) => ('text' in part ? part.text : '')).join('')).toBe('😀!');
  });

  it('and reports SUBMITTED after WORKING is told so, and its task fails', async () => {
    let told: unknown;
    const task = await taskOf(async (_context, updater) => {
      await updater.startWork();
      await updater.submit().catch((error: unknown) => {
        told = error;
        throw error;
      });
    });
    expect(String(told)).toContain('TASK_STATE_SUBMITTED after TASK_STATE_WORKING');
    expect([task.status.state, reasonOf(task)]).toEqual(['TASK_STATE_FAILED', 'INVALID_AGENT_RESPONSE']);
  });

  it('and returns a string is told so', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const task = await taskOf(async () => 'the answer' as never);
    expect([task.status.state, reasonOf(task)]).toEqual(['TASK_STATE_FAILED', 'AGENT_ERROR']);
    expect(String(error.mock.calls.flat())).toContain('execute() of TestAgent returned a string');
  });

  it("and yields again after its reply with replies: 'message' is told so", async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    app = await TestApp.start({
      storage,
      agents: [
        agentOf(
          async function* () {
            yield 'one';
            yield 'two';
          },
          { replies: 'message' },
        ),
      ],
    });
    const { message } = await app.rpc().result<{ message: object }>('SendMessage', { message: textMessage('go') });
    expect(message).toMatchObject({ parts: [{ text: 'one' }] });
    await until(() => warn.mock.calls.length > 0);
    expect(String(warn.mock.calls[0])).toContain('yielded a string after it had answered');
  });

  it('and reports after its end without awaiting it is named in the log, once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const late = new Gate();
    const task = await taskOf(async (_context, updater) => {
      await updater.complete();
      setTimeout(() => {
        for (const text of ['a', 'b', 'c']) void updater.addArtifact(text);
        late.open();
      }, 20);
    });
    await late.opened;
    await sleep(20);
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    const said = warn.mock.calls.map(String).filter((line) => line.includes('reported'));
    expect(said).toEqual([expect.stringContaining(`Agent 'test' reported on task ${task.id} after its end`)]);
  });

  it.each<[string, unknown]>([
    ['an object', { status: 429 }],
    [
      'an error whose stack throws',
      Object.defineProperty(new Error('x'), 'stack', {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    ['nothing', undefined],
    [
      'an object that cannot be shown',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
          getPrototypeOf: () => {
            throw new Error('no');
          },
        },
      ),
    ],
  ])('and throws %s fails, also when the logger cannot write it', async (_what, thrown) => {
    const broken = {
      log: () => undefined,
      warn: () => undefined,
      error: (_message: string, trace: string) =>
        trace.split('\n').forEach(() => {
          throw new Error('the disk is full');
        }),
    };
    app = await TestApp.start({
      storage,
      agents: [
        agentOf(() => {
          throw thrown;
        }),
      ],
    });
    Logger.overrideLogger(broken);
    for (let round = 0; round < 3; round++) {
      const { task } = await app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('go') });
      expect([task.status.state, reasonOf(task)]).toEqual(['TASK_STATE_FAILED', 'AGENT_ERROR']);
    }
  });

  it('and yields nothing but empty strings keeps nobody else waiting', async () => {
    let isReady = false;
    app = await TestApp.start({
      storage,
      agents: [
        agentOf(async function* ({ userText }) {
          if (userText === 'spin') while (!isReady) yield '';
          yield 'done';
        }),
      ],
    });
    const spinning = app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('spin') });
    const { task } = await app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage('go') });
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    isReady = true;
    expect((await spinning).task.status.state).toBe('TASK_STATE_COMPLETED');
  });
});
