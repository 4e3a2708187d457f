import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunAborted } from '../src/agents/agent-executor.interface.js';
import type { AgentExecutor } from '../src/agents/agent-executor.interface.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { TASK_STORE, type TaskStore } from '../src/tasks/task-store.interface.js';
import { agentOf, Gate } from './support/agent-of.js';
import { BUSES, Cluster, type ClusterOptions } from './support/cluster.js';
import { textMessage } from './support/rpc.client.js';
import type { SseEvent } from './support/sse.client.js';
import { untilAborted } from './support/until-aborted.js';

/** Of an agent that is about to obey: longer than any machine needs. */
const CANCEL_MS = 60_000;
const DISOBEYED_MS = 500;

type Execute = (replica: number, ...args: Parameters<AgentExecutor['execute']>) => Promise<unknown>;

const texts = (task: Task): string[] =>
  (task.artifacts ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));
const resultOf = ({ data }: SseEvent): StreamResponse => (JSON.parse(data) as { result: StreamResponse }).result;
const taskOf = (event: SseEvent): Task => (resultOf(event) as { task: Task }).task;

describe.each(BUSES)('replicas with %s', (bus) => {
  let cluster: Cluster;
  afterEach(() => cluster.close());

  async function serve(execute: Execute, options: Partial<ClusterOptions> = {}): Promise<void> {
    const agents = (replica: number) => [agentOf(async (...args) => void (await execute(replica, ...args)))];
    cluster = await Cluster.start({ bus, agents, execution: { cancelTimeoutMs: CANCEL_MS }, ...options });
  }

  const send = async (replica: number, message: object, configuration: object = {}): Promise<Task> =>
    (await cluster.rpc(replica).result<{ task: Task }>('SendMessage', { message, configuration })).task;
  const begin = (replica: number, text = 'go'): Promise<Task> =>
    send(replica, textMessage(text), { returnImmediately: true });
  const get = (replica: number, id: string): Promise<Task> => cluster.rpc(replica).result<Task>('GetTask', { id });
  const cancel = (replica: number, id: string) => cluster.rpc(replica).patientCall<Task>('CancelTask', { id });

  it('show the same tasks, in full and in lists', async () => {
    await serve(async (replica, _context, updater) => updater.addArtifact(`by ${replica}`));
    const [a, b] = [await send(0, textMessage('a')), await send(1, textMessage('b'))];
    for (const replica of [0, 1]) {
      expect([await get(replica, a.id), await get(replica, b.id)]).toEqual([a, b]);
      const { tasks } = await cluster.rpc(replica).result<{ tasks: Task[] }>('ListTasks', {});
      expect(tasks.map(({ id }) => id)).toEqual([b.id, a.id]);
    }
    expect([texts(a), texts(b)]).toEqual([['by 0'], ['by 1']]);
  });

  it('stream a task that another one runs, byte for byte, while it runs', async () => {
    const halfway = new Gate();
    await serve(async (_replica, _context, updater) => {
      for (let i = 0; i < 20; i++) {
        await updater.appendArtifact('a', `${i} `);
        if (i === 9) await halfway.opened;
      }
    });
    const message = textMessage('go');
    const own = (await cluster.rpc(0).stream('SendStreamingMessage', { message })).all();
    // The repeated message attaches to the task of the first, wherever it runs.
    const attached: SseEvent[] = [];
    for await (const event of await cluster.rpc(1).stream('SendStreamingMessage', { message })) {
      attached.push(event);
      if (Number(event.id) >= 11) halfway.open();
    }
    const { id } = taskOf(attached[0]!);
    const all = await own;
    expect(all.map((event) => event.id)).toEqual(Array.from({ length: all.length }, (_, index) => String(index + 1)));
    const [first, ...rest] = attached;
    expect(rest).toEqual(all.slice(Number(first?.id)));
    const resumed = await cluster.rpc(1).stream('SubscribeToTask', { id }, { 'Last-Event-ID': '3' });
    expect(await resumed.all()).toEqual(all.slice(3));
  });

  it('answer a blocking call that is repeated elsewhere with the end of the one run', async () => {
    const end = new Gate();
    let runs = 0;
    await serve(async () => {
      runs++;
      await end.opened;
    });
    const message = textMessage('go');
    const first = send(0, message);
    while (runs === 0) await sleep(2);
    const others = [send(1, message), send(0, message), send(1, message)];
    await sleep(50);
    end.open();
    const answers = await Promise.all([first, ...others]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.map(({ status }) => status.state)).toEqual(answers.map(() => 'TASK_STATE_COMPLETED'));
    expect(runs).toBe(1);
  });

  it('run a follow-up where it arrives when the task waits for it, and show it everywhere', async () => {
    await serve(async (replica, { turn }, updater) => {
      await updater.addArtifact(`turn ${turn} by ${replica}`);
      if (turn < 3) await updater.requiresInput();
    });
    // It may take a message before the request that brought it does.
    await Promise.all(cluster.apps.map((app) => app.stopRecovery()));
    const { id } = await send(0, textMessage('one'));
    const reader = (await cluster.rpc(0).stream('SubscribeToTask', { id })).all();
    await released(id);
    await send(1, textMessage('two', { taskId: id }));
    await released(id);
    const task = await send(0, textMessage('three', { taskId: id }));
    expect(texts(task)).toEqual(['turn 1 by 0', 'turn 2 by 1', 'turn 3 by 0']);
    const events = await reader;
    expect(resultOf(events.at(-1)!)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    expect(events.slice(1).map((event) => Number(event.id))).toEqual(
      events.slice(1).map((_, index) => Number(events[0]?.id) + index + 1),
    );
  });

  it('queue a follow-up behind the run of another, and answer it with its own turn', async () => {
    const gates = [new Gate(), new Gate(), new Gate(), new Gate()];
    await serve(async (replica, { turn, userText }, updater) => {
      await gates[turn]?.opened;
      await updater.addArtifact(`${userText} by ${replica}`);
      await updater.requiresInput(`after ${turn}`);
    });
    const { id } = await begin(0, 'one');
    const two = send(1, textMessage('two', { taskId: id }));
    await cluster.queued(1);
    const three = textMessage('three', { taskId: id });
    const [threes, again] = [send(1, three), send(0, three)];
    await cluster.queued(2);
    for (const gate of gates) gate.open();
    const answers = await Promise.all([two, threes, again]);
    const last = (task: Task): unknown => task.status.message?.parts[0];
    expect(answers.map(last)).toEqual([{ text: 'after 2' }, { text: 'after 3' }, { text: 'after 3' }]);
    // The run that was there goes on with them.
    expect(texts(await get(1, id))).toEqual(['one by 0', 'two by 0', 'three by 0']);
  });

  it('cancel a run of another: its agent is told, and its last words are kept', async () => {
    let why: unknown;
    await serve(async (_replica, context, updater) => {
      await updater.startWork();
      await untilAborted(context);
      why = context.signal.reason;
      await updater.addArtifact('cleaned up');
      await updater.cancel('stopped');
    });
    const { id } = await begin(0);
    const reader = (await cluster.rpc(0).stream('SubscribeToTask', { id })).all();
    const { result } = await cancel(1, id);
    expect(why).toBeInstanceOf(RunAborted);
    expect((why as RunAborted).why).toBe('canceled');
    expect(result?.status).toMatchObject({ state: 'TASK_STATE_CANCELED', message: { parts: [{ text: 'stopped' }] } });
    expect(texts(result!)).toEqual(['cleaned up']);
    expect(resultOf((await reader).at(-1)!)).toMatchObject({
      statusUpdate: { status: { state: 'TASK_STATE_CANCELED' } },
    });
    expect((await cancel(0, id)).error?.code).toBe(-32002);
  });

  it('cancel a run of another although its agent does not obey', async () => {
    await serve(() => new Promise(() => undefined), { execution: { cancelTimeoutMs: DISOBEYED_MS } });
    const { id } = await begin(0);
    const answers = await Promise.all([cancel(1, id), cancel(0, id), cancel(1, id)]);
    for (const { result } of answers) expect(result?.status.state).toBe('TASK_STATE_CANCELED');
  });

  it('end a task once when it is canceled elsewhere while it ends or begins to wait: 60 races', async () => {
    await serve(async (_replica, { userText }, updater) => {
      const round = Number(userText);
      if (round % 5 > 0) await sleep(round % 5);
      if (round % 3 === 0) await updater.requiresInput();
      if (round % 3 === 1) await updater.complete();
      if (round % 3 === 2) await updater.addArtifact('x');
    });
    const states = new Set<string>();
    const race = async (round: number): Promise<void> => {
      const { id } = await begin(0, String(round));
      const streams = [0, 1].map((replica) => subscribe(replica, id));
      await sleep(round % 7);
      const { result, error } = await cancel(1, id);
      const { status } = await get(0, id);
      states.add(status.state);
      expect(error ? error.code : result?.status.state).toBe(
        status.state === 'TASK_STATE_CANCELED' ? 'TASK_STATE_CANCELED' : -32002,
      );
      for (const events of await Promise.all(streams)) {
        const ends = events.filter((event) => /"TASK_STATE_(CANCELED|COMPLETED)"/.test(event.data));
        expect(ends.length).toBeLessThanOrEqual(1);
      }
    };
    for (let round = 0; round < 60; round += 6) {
      await Promise.all(Array.from({ length: 6 }, (_, index) => race(round + index)));
    }
    expect(states.has('TASK_STATE_CANCELED')).toBe(true);
  });

  /** Until nobody runs the task: its answer comes a moment before its run gives it up, and a message in between is still the run's. */
  async function released(id: string): Promise<void> {
    const store = cluster.apps[0]!.app.get<TaskStore>(TASK_STORE, { strict: false });
    const caller = {
      owner: 'anonymous',
      tenant: '',
      agent: 'test',
      protocolVersion: '1.0',
      requestedExtensions: [],
    } as const;
    while ((await store.head(caller, id))?.runOwner !== undefined) await sleep(5);
  }

  /** All that a stream says to its end; nothing when the task has ended already. */
  async function subscribe(replica: number, id: string): Promise<SseEvent[]> {
    const stream = await cluster.rpc(replica).stream('SubscribeToTask', { id });
    if (stream.response.headers['content-type']?.startsWith('text/event-stream')) return stream.all();
    stream.close();
    return [];
  }
});
