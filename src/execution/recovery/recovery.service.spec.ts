import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Gate } from '../../../test/support/agent-of.js';
import { type Execute, RunBench } from '../../../test/support/run-bench.js';
import type { A2aAgentOptions } from '../../agents/agent-options.js';
import type { RequestContext } from '../../agents/request-context.js';
import { unavailable } from '../../protocol/errors/index.js';
import type { TaskState } from '../../protocol/model/index.js';
import {
  begin,
  beginInterrupted,
  chunk,
  incoming,
  newTask,
  replica,
  status,
  type TaskFields,
  userMessage,
  Writer,
} from '../../testing/contracts/fixtures.js';

const texts = (context: RequestContext): string[] =>
  (context.currentTask?.artifacts ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));

describe('RecoveryService', () => {
  let bench: RunBench;
  let executed: RequestContext[];
  beforeEach(async () => {
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    bench = new RunBench();
    await bench.ready;
    executed = [];
    serve();
  });
  afterEach(async () => {
    await bench.close();
    jest.restoreAllMocks();
  });

  /** The agent of the tasks: notes each call, then does what a test says. */
  function serve(options: Partial<A2aAgentOptions> = {}, execute: Execute = () => Promise.resolve()): void {
    const agent = bench.agent(async (context, updater) => {
      executed.push(context);
      await execute(context, updater);
    }, options);
    bench.agents.set(agent.id, agent);
  }

  async function look(): Promise<void> {
    await bench.recovery.look();
    await bench.idle();
  }

  /** A task that a process began which is gone. */
  const orphan = async (fields: TaskFields = {}): Promise<Writer> =>
    begin(bench.stores, bench.caller, { runOwner: await replica(bench.stores, 0), ...fields });

  const headOf = ({ run }: Writer) => bench.stores.tasks.head(bench.caller, run.taskId);

  async function endOf({ run }: Writer): Promise<{ state: TaskState; reason: unknown }> {
    const { status: end } = await bench.task(run.taskId);
    return { state: end.state, reason: end.message?.metadata?.['reason'] };
  }

  const put = (writer: Writer, text: string) =>
    bench.stores.inbox.put(bench.caller, writer.run.taskId, incoming(text), text, 16);

  const FAILED = (reason: string) => ({ state: 'TASK_STATE_FAILED', reason });
  const COMPLETED = { state: 'TASK_STATE_COMPLETED', reason: undefined };

  it('fails the task of a process that is gone, with a reason, and its readers hear of it', async () => {
    const writer = await orphan();
    await writer.write(status('TASK_STATE_WORKING'), chunk('so far'));
    const { taskId } = writer.run;
    const reader = bench.cursors.open({ context: bench.caller, taskId, afterSeq: 3, endsAt: () => false });
    const [{ value }] = await Promise.all([reader.next(), look()]);
    expect(value).toMatchObject([{ type: 'event', seq: 4, final: true, event: { state: 'TASK_STATE_FAILED' } }]);
    expect(await bench.task(taskId)).toMatchObject({
      status: {
        state: 'TASK_STATE_FAILED',
        message: { role: 'ROLE_AGENT', taskId, metadata: { reason: 'RUN_LOST' }, parts: [{ text: /lost/ }] },
      },
      artifacts: [{ parts: [{ text: 'so far' }] }],
    } as object);
    expect(executed).toEqual([]);
    expect(await writer.append(chunk('late'))).toMatchObject({ ok: false, reason: 'terminal' });
  });

  describe('an agent that is resumable', () => {
    it('is run again with its message, what it was told, the events so far and the attempt', async () => {
      serve({ resumable: true }, (_context, updater) => updater.addArtifact('rest').then(() => undefined));
      const message = userMessage('count to ten');
      const metadata = { deep: [{ er: null }] };
      const configuration = { acceptedOutputModes: ['text/plain'] };
      const call = { protocolVersion: '0.3' as const, requestedExtensions: ['urn:x'] };
      const request = { turn: 1, metadata, configuration, call };
      const writer = await orphan({ history: [message], request });
      await writer.write(status('TASK_STATE_WORKING'), chunk('one'), chunk('two'));
      await look();
      expect(executed).toHaveLength(1);
      expect(executed[0]).toMatchObject({ message, metadata, configuration, turn: 1, attempt: 2 });
      expect(executed[0]?.caller).toMatchObject({ ...call, owner: bench.caller.owner, agent: 'lab' });
      expect(texts(executed[0] as RequestContext)).toEqual(['one', 'two']);
      expect(executed[0]?.history).toEqual([message]);
      expect(await endOf(writer)).toEqual(COMPLETED);
      expect((await bench.events(writer.run.taskId)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('is run again with the message of the turn that was lost, whatever came before', async () => {
      serve({ resumable: true });
      const writer = await orphan({ history: [userMessage('first')] });
      const { taskId } = writer.run;
      await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
      await bench.stores.runs.nextTurn(writer.run);
      const second = userMessage('second');
      await writer.write(status('TASK_STATE_WORKING', { inbound: second }), chunk('a'));
      await look();
      expect(executed).toMatchObject([{ message: second, turn: 2, attempt: 2, taskId }]);
      expect(executed[0]?.history).toHaveLength(2);
      expect(await endOf(writer)).toEqual(COMPLETED);
    });

    it('is given up when its process is lost too often; turns of a conversation do not count', async () => {
      serve({ resumable: true }, () => new Promise(() => undefined));
      const writer = await orphan();
      for (let turn = 2; turn < 8; turn++) await bench.stores.runs.nextTurn(writer.run);
      await writer.write(status('TASK_STATE_WORKING', { inbound: userMessage('go on') }));
      await bench.recovery.look();
      expect(executed).toMatchObject([{ turn: 7, attempt: 2 }]);

      const heir = new RunBench({}, { stores: bench.stores });
      await heir.ready;
      heir.agents.set('lab', bench.agents.get('lab')!);
      await bench.stores.runs.removeReplica(bench.replica.id);
      await heir.recovery.look();
      expect(await endOf(writer)).toEqual(FAILED('TOO_MANY_ATTEMPTS'));
      expect((await bench.task(writer.run.taskId)).status.message?.parts).toMatchObject([
        { text: /2 times/ },
      ] as object[]);
      expect(executed).toHaveLength(1);
      bench.registry.stop('lost-ownership');
      await heir.close();
    });
  });

  it('runs a turn that was claimed and not begun, as that turn', async () => {
    const gone = await replica(bench.stores, 0);
    const writer = await beginInterrupted(bench.stores, bench.caller);
    await put(writer, 'second');
    await bench.stores.runs.claimTurn(bench.caller, writer.run.taskId, gone);
    await look();
    expect(executed).toMatchObject([{ userText: 'second', turn: 2 }]);
    expect(await endOf(writer)).toEqual(COMPLETED);
    expect(await headOf(writer)).toMatchObject({ turn: 2 });
  });

  it('goes on with a message that a shutdown left waiting with its task owned', async () => {
    const writer = await orphan();
    await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
    await put(writer, 'second');
    await look();
    expect(executed).toMatchObject([{ userText: 'second', turn: 2, attempt: 1 }]);
    expect(await endOf(writer)).toEqual(COMPLETED);
  });

  it('leaves a task that waits for its client to the client', async () => {
    const writer = await orphan();
    await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
    await look();
    expect((await headOf(writer))?.runOwner).toBeUndefined();
    expect((await headOf(writer))?.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(await bench.events(writer.run.taskId)).toHaveLength(2);
    await put(writer, 'second');
    await look();
    expect(executed).toMatchObject([{ userText: 'second', turn: 2, attempt: 1 }]);
  });

  it.each([
    [true, COMPLETED],
    [false, FAILED('RUN_LOST')],
  ])('does not leave a run to the client that was to go on by itself (resumable: %s)', async (resumable, end) => {
    serve({ resumable });
    const writer = await orphan();
    await writer.write(status('TASK_STATE_AUTH_REQUIRED'));
    await look();
    expect(await endOf(writer)).toEqual(end);
    const answered = await orphan();
    await answered.write(status('TASK_STATE_AUTH_REQUIRED'));
    await put(answered, 'authorized');
    await look();
    expect(executed.at(-1)).toMatchObject({ userText: 'authorized', turn: 2, attempt: 1 });
  });

  it('cancels a task whose client wished it before its process was lost', async () => {
    serve({ resumable: true });
    const writer = await orphan();
    await bench.stores.runs.requestCancel(bench.caller, writer.run.taskId);
    await look();
    expect(await endOf(writer)).toEqual({ state: 'TASK_STATE_CANCELED', reason: undefined });
    expect(executed).toEqual([]);
  });

  it('answers a message that waits for a task that nobody runs', async () => {
    const writer = await beginInterrupted(bench.stores, bench.caller);
    await put(writer, 'anybody there?');
    await look();
    expect(executed).toMatchObject([{ userText: 'anybody there?', turn: 2, attempt: 1 }]);
    expect(await endOf(writer)).toEqual(COMPLETED);
  });

  it('forgets messages that wait for tasks that have ended', async () => {
    const writer = await begin(bench.stores, bench.caller);
    await put(writer, 'too late');
    await writer.write(status('TASK_STATE_COMPLETED'));
    await look();
    expect(await bench.stores.inbox.sweep(10)).toBe(0);
  });

  describe('of what this process owns and does not run', () => {
    it('begins a task whose creation had an unknown outcome, as if nothing had happened', async () => {
      const { create } = bench.stores.tasks;
      jest.spyOn(bench.stores.tasks, 'create').mockImplementationOnce(async (...args) => {
        await create.apply(bench.stores.tasks, args);
        throw unavailable('away');
      });
      const agent = bench.agents.get('lab')!;
      const request = { message: userMessage('go'), metadata: { a: 1 } };
      const send = () => bench.starter.start(agent, request, 'digest', bench.caller);
      await expect(send()).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
      const again = await send();
      expect(again).toMatchObject({ kind: 'duplicate', sameContent: true });
      expect(executed).toEqual([]);
      await look();
      expect(executed).toMatchObject([{ userText: 'go', metadata: { a: 1 }, turn: 1, attempt: 1 }]);
      const taskId = again.kind === 'duplicate' ? again.taskId : '';
      expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_COMPLETED');
    });

    it.each([
      [false, FAILED('RUN_LOST'), 1],
      [true, COMPLETED, 2],
    ])('goes on with a run that was given up for want of storage (resumable: %s)', async (resumable, end, runs) => {
      serve({ resumable }, (_context, updater) => updater.complete());
      jest.spyOn(bench.stores.tasks, 'append').mockRejectedValueOnce(unavailable('away'));
      const { taskId } = await bench.start(bench.agents.get('lab')!);
      await bench.idle();
      expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_SUBMITTED');
      await look();
      expect(executed.map(({ attempt }) => attempt)).toEqual([1, 2].slice(0, runs));
      const { status: ended } = await bench.task(taskId);
      expect({ state: ended.state, reason: ended.message?.metadata?.['reason'] }).toEqual(end);
    });

    it('leaves alone what is just being canceled by force', async () => {
      const writer = await beginInterrupted(bench.stores, bench.caller);
      const { taskId } = writer.run;
      const { append } = bench.stores.tasks;
      const [seized, goOn] = [new Gate(), new Gate()];
      jest.spyOn(bench.stores.tasks, 'append').mockImplementationOnce(async (...args) => {
        seized.open();
        await goOn.opened;
        return append.apply(bench.stores.tasks, args);
      });
      const canceled = bench.canceler.cancel(bench.caller, taskId);
      await seized.opened;
      await bench.recovery.look();
      goOn.open();
      await canceled;
      expect(await headOf(writer)).toMatchObject({ state: 'TASK_STATE_CANCELED', fence: 2 });
    });

    it('leaves alone what runs, and what is just being started', async () => {
      const [running, creating] = [new Gate(), new Gate()];
      serve({}, () => running.opened);
      await bench.start(bench.agents.get('lab')!);
      const { create } = bench.stores.tasks;
      jest.spyOn(bench.stores.tasks, 'create').mockImplementationOnce(async (...args) => {
        const created = await create.apply(bench.stores.tasks, args);
        await creating.opened;
        return created;
      });
      const second = bench.start(bench.agents.get('lab')!);
      await new Promise(setImmediate);
      await bench.recovery.look();
      creating.open();
      await second;
      await bench.recovery.look();
      running.open();
      await bench.idle();
      expect(executed.map(({ attempt }) => attempt)).toEqual([1, 1]);
      for (const { taskId } of executed) {
        expect(await bench.stores.tasks.head(bench.caller, taskId)).toMatchObject({
          fence: 1,
          state: 'TASK_STATE_COMPLETED',
        });
      }
    });
  });

  it.each(['takeover', 'begunTurn', 'release', 'nextTurn', 'peek', 'get', 'append'] as const)(
    'tries again when the storage is away at %s, and counts no attempt for it',
    async (step) => {
      serve({ resumable: true });
      const { runs, tasks, inbox } = bench.stores;
      const [lost, left, asking] = [await orphan(), await orphan(), await orphan()];
      await lost.write(status('TASK_STATE_WORKING'));
      await left.write(status('TASK_STATE_INPUT_REQUIRED'));
      await put(left, 'second');
      await asking.write(status('TASK_STATE_AUTH_REQUIRED'));
      const canceled = await orphan();
      await runs.requestCancel(bench.caller, canceled.run.taskId);
      const stores = {
        takeover: runs,
        begunTurn: runs,
        release: runs,
        nextTurn: runs,
        peek: inbox,
        get: tasks,
        append: tasks,
      };
      const failing = stores[step] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
      const real = failing[step]!;
      let outages = 2;
      // Half of the outages lose only the answer.
      jest.spyOn(failing, step).mockImplementation(async (...args) => {
        if (outages-- <= 0) return real.apply(failing, args);
        if (outages === 0) await real.apply(failing, args);
        throw unavailable('away');
      });
      for (let looks = 0; looks < 5; looks++) await look();
      expect(outages).toBeLessThanOrEqual(0);
      expect(await endOf(canceled)).toMatchObject({ state: 'TASK_STATE_CANCELED' });
      for (const writer of [lost, left, asking]) {
        expect([step, await endOf(writer)]).toEqual([step, COMPLETED]);
        const events = await bench.events(writer.run.taskId);
        expect(events.filter(({ terminal }) => terminal)).toEqual([events.at(-1)]);
      }
      const runsOf = ({ run }: Writer) => executed.filter(({ taskId }) => taskId === run.taskId);
      expect(runsOf(lost).at(-1)).toMatchObject({ turn: 1, attempt: 2 });
      expect(runsOf(left).at(-1)).toMatchObject({ userText: 'second', turn: 2 });
      for (const context of executed) expect(context.attempt).toBeLessThanOrEqual(2);
    },
  );

  it('fails what cannot be read, and is not kept from the rest by it', async () => {
    serve({ resumable: true });
    const [broken, sound] = [await orphan(), await orphan()];
    const { begunTurn } = bench.stores.runs;
    jest.spyOn(bench.stores.runs, 'begunTurn').mockImplementation((run) => {
      if (run.taskId === broken.run.taskId) throw new SyntaxError('Unexpected token');
      return begunTurn.call(bench.stores.runs, run);
    });
    await look();
    expect(await endOf(broken)).toEqual(FAILED('RUN_LOST'));
    expect(await endOf(sound)).toEqual(COMPLETED);
  });

  it('leaves tasks of agents that are not here to processes that have them', async () => {
    const elsewhere = { ...bench.caller, agent: 'elsewhere' };
    const { run } = await begin(bench.stores, elsewhere, { runOwner: await replica(bench.stores, 0) });
    await look();
    expect(await bench.stores.tasks.head(elsewhere, run.taskId)).toMatchObject({ fence: 1 });
  });

  it('deals with any number of tasks in one look', async () => {
    const orphans = await Promise.all(Array.from({ length: 250 }, () => orphan()));
    await look();
    for (const writer of orphans) expect(await endOf(writer)).toEqual(FAILED('RUN_LOST'));
  });

  it('gives each task to one of several processes that look at once', async () => {
    const benches = [bench, new RunBench({}, { stores: bench.stores }), new RunBench({}, { stores: bench.stores })];
    serve({ resumable: true });
    for (const each of benches) each.agents.set('lab', bench.agents.get('lab')!);
    await Promise.all(benches.map(({ ready }) => ready));
    const orphans = await Promise.all(Array.from({ length: 30 }, () => orphan()));
    const unanswered = await beginInterrupted(bench.stores, bench.caller);
    await put(unanswered, 'x');
    await Promise.all(benches.map(({ recovery }) => recovery.look()));
    await Promise.all(benches.map((each) => each.idle()));
    for (const writer of [...orphans, unanswered]) expect(await endOf(writer)).toEqual(COMPLETED);
    expect(executed).toHaveLength(31);
    for (const each of benches.slice(1)) await each.close();
  });

  it('takes nothing while no lease is held, nor when the process is on its way out', async () => {
    const writer = await orphan();
    const held = jest.spyOn(bench.replica, 'held', 'get').mockReturnValue(false);
    await look();
    held.mockRestore();
    await bench.drain.drain();
    await look();
    expect(await headOf(writer)).toMatchObject({ fence: 1 });
  });

  describe('in the course of time', () => {
    beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
    afterEach(() => void jest.useRealTimers());

    it('looks soon after the start, then within recoveryMs, until the process ends', async () => {
      const looks = jest.spyOn(bench.recovery, 'look');
      bench.recovery.onApplicationBootstrap();
      await jest.advanceTimersByTimeAsync(1_000);
      expect(looks).toHaveBeenCalledTimes(1);
      for (let n = 2; n < 6; n++) {
        const before = looks.mock.calls.length;
        await jest.advanceTimersByTimeAsync(10_000);
        expect(looks.mock.calls.length).toBeGreaterThan(before);
      }
      await bench.recovery.onModuleDestroy();
      const before = looks.mock.calls.length;
      await jest.advanceTimersByTimeAsync(60_000);
      expect(looks).toHaveBeenCalledTimes(before);
    });

    it('goes on looking when the storage was away, and says so once', async () => {
      const { orphans } = bench.stores.runs;
      let away = true;
      jest
        .spyOn(bench.stores.runs, 'orphans')
        .mockImplementation((...args) =>
          away ? Promise.reject(unavailable('away')) : orphans.apply(bench.stores.runs, args),
        );
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
      const writer = await orphan();
      bench.recovery.onApplicationBootstrap();
      await jest.advanceTimersByTimeAsync(35_000);
      expect(warn).toHaveBeenCalledTimes(1);
      away = false;
      await jest.advanceTimersByTimeAsync(10_000);
      expect(await endOf(writer)).toEqual(FAILED('RUN_LOST'));
      await bench.recovery.onModuleDestroy();
    });
  });

  it('does nothing of a task that is made without an owner: it stands in the waiting line', async () => {
    const task = newTask();
    await bench.stores.tasks.create(bench.caller, task);
    await look();
    expect(await bench.stores.tasks.head(bench.caller, task.taskId)).toMatchObject({ fence: 1, attempt: 0 });
  });
});
