import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './support/free-port.js';
import type { StreamResponse, Task, TaskState } from '../src/protocol/model/index.js';
import { isTerminal } from '../src/protocol/state/task-state.js';
import { agentOf } from './support/agent-of.js';
import { GrpcClient, SERVICES } from './support/grpc.client.js';
import { reasonOf, send, v03Send } from './support/grpc-messages.js';
import { type RpcClient, textMessage, V10, v03Message } from './support/rpc.client.js';
import { labOf, ServiceFleet } from './support/service.fleet.js';
import { TestApp } from './support/test-app.js';

const LIMIT_MS = 240_000;
const LONG = 'sleep 600000';

async function begin(client: RpcClient, text: string): Promise<Task> {
  const params = { message: textMessage(text), configuration: { returnImmediately: true } };
  return (await client.result<{ task: Task }>('SendMessage', params)).task;
}

async function until(client: RpcClient, id: string, reached: (state: TaskState) => boolean): Promise<Task> {
  for (;;) {
    const task = await client.result<Task>('GetTask', { id });
    if (reached(task.status.state)) return task;
    await sleep(20);
  }
}

const isState = (wanted: TaskState) => (state: TaskState) => state === wanted;
const cancel = (client: RpcClient, id: string) => client.result('CancelTask', { id });

describe('replicas without room', () => {
  let fleet: ServiceFleet;
  let a: RpcClient;
  let b: RpcClient;
  let busy: Task[];
  let kill: () => Promise<unknown>;

  beforeEach(async () => {
    fleet = await ServiceFleet.create({ A2A_MAX_RUNS: '1', A2A_LEASE_MS: '4000', A2A_RECOVERY_MS: '500' });
    const [first, second] = [await fleet.start(), await fleet.start()];
    [a, b] = [labOf(first), labOf(second)];
    busy = [await begin(a, LONG), await begin(b, LONG)];
    await Promise.all(busy.map(({ id }) => until(a, id, isState('TASK_STATE_WORKING'))));
    kill = () => first.kill('SIGKILL');
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  it(
    'let tasks wait, which can be read, listed, canceled and told more at each of them',
    async () => {
      const [first, second, third] = [await begin(a, 'ask'), await begin(a, 'echo 2'), await begin(b, 'echo 3')];
      expect([first, second, third].map(({ status }) => status.state)).toEqual(
        Array.from({ length: 3 }, () => 'TASK_STATE_SUBMITTED'),
      );
      const status = 'TASK_STATE_SUBMITTED';
      const { tasks } = await b.result<{ tasks: Task[] }>('ListTasks', { status });
      expect(tasks.map(({ id }) => id).sort()).toEqual([first.id, second.id, third.id].sort());
      expect(await cancel(b, second.id)).toMatchObject({ status: { state: 'TASK_STATE_CANCELED' } });
      const answer = b.result<{ task: Task }>('SendMessage', {
        message: textMessage('an answer', { taskId: first.id }),
      });
      await cancel(b, busy[0]?.id ?? '');
      expect((await answer).task).toMatchObject({
        status: { state: 'TASK_STATE_COMPLETED' },
        artifacts: [{ parts: [{ text: 'an answer' }] }],
      });
      await until(a, third.id, isTerminal);
      expect((await a.result<Task>('GetTask', { id: second.id })).artifacts ?? []).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'keep callers and streams waiting until there is room, at whichever of them',
    async () => {
      const blocked = a.result<{ task: Task }>('SendMessage', { message: textMessage('echo blocked') });
      const streamed = (
        await a.stream('SendStreamingMessage', { message: textMessage('stream 2 8') })
      ).results<StreamResponse>();
      const waiting = await begin(a, 'echo subscribed');
      const subscribed = (await b.stream('SubscribeToTask', { id: waiting.id })).results<StreamResponse>();
      await cancel(a, busy[1]?.id ?? '');
      expect((await blocked).task.status.state).toBe('TASK_STATE_COMPLETED');
      const events = await streamed;
      expect(events[0]).toMatchObject({ task: { status: { state: 'TASK_STATE_SUBMITTED' } } });
      expect(events.slice(1).map((event) => Object.keys(event)[0])).toEqual([
        'statusUpdate',
        'artifactUpdate',
        'artifactUpdate',
        'statusUpdate',
      ]);
      expect((await subscribed).at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    },
    LIMIT_MS,
  );

  it(
    'run what a process took in that was killed',
    async () => {
      const waiting = await Promise.all([1, 2, 3].map((n) => begin(a, `echo ${n}`)));
      await kill();
      await cancel(b, busy[1]?.id ?? '');
      for (const { id } of waiting) expect((await until(b, id, isTerminal)).status.state).toBe('TASK_STATE_COMPLETED');
      const lost = await until(b, busy[0]?.id ?? '', isTerminal);
      expect(lost.status.message?.metadata).toEqual({ reason: 'RUN_LOST' });
    },
    LIMIT_MS,
  );
});

describe('a full line', () => {
  it(
    'is answered with RESOURCE_EXHAUSTED and the time to wait, in all bindings and versions',
    async () => {
      const port = await freePort();
      const fleet = await ServiceFleet.create({
        ...{ A2A_MAX_RUNS: '1', A2A_MAX_WAITING_PER_OWNER: '1', GRPC_PORT: String(port) },
      });
      try {
        const service = await fleet.start();
        const lab = labOf(service);
        const running = await begin(lab, LONG);
        await until(lab, running.id, isState('TASK_STATE_WORKING'));
        const waiting = await begin(lab, 'echo later');
        const { url } = lab;
        const post = async (address: string, body: unknown, headers: Record<string, string>) => {
          const method = 'POST';
          const json = { 'content-type': 'application/json', ...headers };
          const response = await fetch(address, { method, headers: json, body: JSON.stringify(body) });
          return { status: response.status, after: response.headers.get('retry-after'), text: await response.text() };
        };
        const rpc = (method: string, message: unknown) => ({ jsonrpc: '2.0', id: 1, method, params: { message } });
        const [v10, v03] = [textMessage('echo x'), v03Message('echo x')];
        for (const [body, headers] of [
          [rpc('SendMessage', v10), V10],
          [rpc('SendStreamingMessage', v10), V10],
          [rpc('message/send', v03), {}],
          [rpc('message/stream', v03), {}],
        ] as const) {
          const { after, text } = await post(url, body, headers);
          expect([body.method, after]).toEqual([body.method, '5']);
          expect(JSON.parse(text)).toMatchObject({ error: { code: -32049 } });
          expect(text).toContain('RESOURCE_EXHAUSTED');
        }
        const legacy = { message: { messageId: 'm', role: 'ROLE_USER', content: [{ text: 'echo x' }] } };
        for (const [path, body, headers] of [
          ['/message:send', { message: v10 }, V10],
          ['/message:stream', { message: v10 }, V10],
          ['/v1/message:send', legacy, {}],
          ['/v1/message:stream', legacy, {}],
        ] as const) {
          const { status, after, text } = await post(`${url}${path}`, body, headers);
          expect([path, status, after]).toEqual([path, 429, '5']);
          expect(text).toContain('RESOURCE_EXHAUSTED');
        }
        const client = new GrpcClient(`127.0.0.1:${port}`);
        const key = { 'x-a2a-agent': 'lab' };
        for (const answer of [
          await client.unary(SERVICES['1.0']['sendMessage'], send(), { ...V10, ...key }),
          await client.unary(SERVICES['0.3']['sendMessage'], v03Send('echo x'), key),
        ]) {
          expect(answer.error?.code).toBe(8);
          expect(reasonOf(answer)).toBe('RESOURCE_EXHAUSTED');
        }
        client.close();
        await cancel(lab, running.id);
        expect((await until(lab, waiting.id, isTerminal)).status.state).toBe('TASK_STATE_COMPLETED');
        for (;;) {
          const answer = await lab.call<{ task: Task }>('SendMessage', { message: textMessage('echo now') });
          if (answer.result) break;
          await sleep(100);
        }
      } finally {
        await fleet.remove();
      }
    },
    LIMIT_MS,
  );
});

describe('an agent that answers with a message', () => {
  it.each(['message', 'either'] as const)('refuses at once what finds no room (%s)', async (replies) => {
    let release!: () => void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const agent = agentOf(
      async (_context, updater) => {
        await gate;
        await updater.reply('here');
      },
      { replies, maxRuns: 1 },
    );
    const app = await TestApp.start({ agents: [agent] });
    try {
      const send = () => app.rpc().call<{ message: object }>('SendMessage', { message: textMessage('hello') });
      const answers = [send(), send()];
      const refused = await Promise.race(answers);
      expect(refused.error).toMatchObject({ code: -32049 });
      release();
      expect((await Promise.all(answers)).filter(({ result }) => result?.message)).toHaveLength(1);
      expect((await send()).result?.message).toBeDefined();
    } finally {
      await app.close();
    }
  });
});
