import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AgentExecutor } from '../src/agents/agent-executor.interface.js';
import { RunRegistry } from '../src/execution/runs/run.registry.js';
import type { Message, StreamResponse, Task } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { textMessage, v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));

/** Does what the text says, with the events of its words in turn. */
const execute: AgentExecutor['execute'] = async ({ userText, turn }, updater) => {
  for (const word of userText.split(' ')) {
    if (word === 'reply') await updater.reply({ parts: [{ text: 'a reply' }], metadata: { by: 'the agent' } });
    if (word === 'work') await updater.startWork();
    if (word === 'artifact') await updater.addArtifact('a result');
    if (word === 'ask' && turn === 1) await updater.requiresInput('what?');
    if (word === 'throw') throw new Error('the secret of the agent');
  }
};

describe.each(SETUPS)('an agent that may answer with a Message, on $adapter with $storage', ({ storage, adapter }) => {
  let app: TestApp;
  beforeAll(async () => {
    const agents = (['message', 'either', 'task'] as const).map((replies) =>
      agentOf(execute, { id: replies, replies, default: replies === 'message', deadlineMs: 5_000 }),
    );
    const silent = agentOf(() => new Promise<void>(() => undefined), {
      id: 'silent',
      replies: 'either',
      default: false,
      deadlineMs: 100,
    });
    app = await TestApp.start({ storage, adapter, agents: [...agents, silent] });
  });
  afterAll(() => app.close());

  const call = (agent: string, text: string, fields = {}) =>
    app.rpc(agent).call<{ message?: Message; task?: Task }>('SendMessage', { message: textMessage(text, fields) });
  async function stream(agent: string, text: string): Promise<{ result?: StreamResponse; error?: { code: number } }[]> {
    const events = await (await app.rpc(agent).stream('SendStreamingMessage', { message: textMessage(text) })).all();
    return events.map(({ data }) => JSON.parse(data) as { result: StreamResponse });
  }
  const stored = async (agent: string): Promise<number> =>
    (await app.rpc(agent).result<{ totalSize: number }>('ListTasks')).totalSize;

  describe.each(['message', 'either'])('%s', (agent) => {
    it('C1, E2: answers a call and a stream with it, in both versions, and stores no task', async () => {
      const before = await stored(agent);
      const v10 = await call(agent, 'reply', { contextId: 'talk' });
      const expected = {
        role: 'ROLE_AGENT',
        contextId: 'talk',
        parts: [{ text: 'a reply' }],
        metadata: { by: 'the agent' },
      };
      expect(v10.result).toEqual({ message: { ...expected, messageId: expect.any(String) } });
      const [only, ...more] = await stream(agent, 'reply');
      expect(only?.result).toMatchObject({ message: { parts: [{ text: 'a reply' }] } });
      expect(only?.result).not.toHaveProperty('message.taskId');
      expect(more).toEqual([]);

      const old = app.rpc(agent, {});
      const message = v03Message('reply', { contextId: 'talk' });
      const v03 = await old.result<Message>('message/send', { message });
      expect(v03).toMatchObject({
        kind: 'message',
        role: 'agent',
        contextId: 'talk',
        parts: [{ kind: 'text', text: 'a reply' }],
      });
      expect(v03).not.toHaveProperty('taskId');
      const oldStream = await (await old.stream('message/stream', { message: v03Message('reply') })).results();
      expect(oldStream).toMatchObject([{ kind: 'message', role: 'agent' }]);
      expect(await stored(agent)).toBe(before);
      expect(app.app.get(RunRegistry, { strict: false }).size).toBe(0);
    });

    it('that answers nothing is an error of the agent, and nothing is stored', async () => {
      const before = await stored(agent);
      expect((await call(agent, 'nothing')).error?.code).toBe(-32006);
      const streamed = await app.rpc(agent).call('SendStreamingMessage', { message: textMessage('nothing') });
      expect(streamed.error?.code).toBe(-32006);
      expect(await stored(agent)).toBe(before);
    });

    it('that throws is an internal error without a word of it', async () => {
      for (const text of ['throw', 'reply throw']) {
        const answer = await call(agent, text);
        expect(answer.error?.code).toBe(text === 'throw' ? -32603 : undefined);
        expect(JSON.stringify(answer)).not.toContain('secret');
      }
      const old = await app.rpc(agent, {}).call('message/send', { message: v03Message('throw') });
      expect(old.error?.code).toBe(-32603);
      expect(JSON.stringify(old)).not.toContain('secret');
    });
  });

  it('message: may not begin a task instead', async () => {
    expect((await call('message', 'work reply')).error?.code).toBe(-32006);
    expect(await stored('message')).toBe(0);
  });

  it('either: makes the task when its first event is one of a task, and goes on as that task', async () => {
    const { result } = await call('either', 'work artifact');
    expect(result?.task).toMatchObject({
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ parts: [{ text: 'a result' }] }],
      history: [{ role: 'ROLE_USER', parts: [{ text: 'work artifact' }] }],
    });
    const streamed = await stream('either', 'work artifact');
    expect(streamed.map(({ result: event }) => Object.keys(event ?? {})[0])).toEqual([
      'task',
      'statusUpdate',
      'artifactUpdate',
      'statusUpdate',
    ]);
    const { message, task } = (await call('either', 'artifact')).result ?? {};
    expect(message).toBeUndefined();
    expect(task?.status.state).toBe('TASK_STATE_COMPLETED');
  });

  it('either: takes follow-ups to a task that it made', async () => {
    const asked = (await call('either', 'work ask')).result?.task;
    expect(asked?.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    const { result } = await call('either', 'artifact', { taskId: asked?.id });
    expect(result?.task).toMatchObject({ id: asked?.id, status: { state: 'TASK_STATE_COMPLETED' } });
    expect(result?.task?.artifacts).toHaveLength(1);
  });

  it.each(['either', 'task'])('%s: may not send a Message after an event of its task', async (agent) => {
    const { result } = await call(agent, 'work artifact reply');
    expect(result?.task).toMatchObject({
      status: { state: 'TASK_STATE_FAILED' },
      artifacts: [{ parts: [{ text: 'a result' }] }],
    });
  });

  it('task: may not send a Message at all', async () => {
    const { result } = await call('task', 'reply');
    expect(result?.task).toMatchObject({ status: { state: 'TASK_STATE_FAILED' } });
  });

  it('either: that says nothing within its deadline is an error of the agent', async () => {
    expect((await call('silent', 'go')).error?.code).toBe(-32006);
    expect(await stored('silent')).toBe(0);
  });
});
