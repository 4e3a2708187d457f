import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { COMPLETED, FAILED, RecoveryBench } from '../../../test/support/recovery-bench.js';
import { RunBench } from '../../../test/support/run-bench.js';
import type { RequestContext } from '../../agents/request-context.js';
import { beginInterrupted, chunk, replica, status, userMessage } from '../../testing/contracts/fixtures.js';

const texts = (context: RequestContext): string[] =>
  (context.currentTask?.artifacts ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));

describe('a task whose process was lost', () => {
  let bench: RecoveryBench;
  beforeEach(async () => {
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    bench = await RecoveryBench.open();
  });
  afterEach(async () => {
    await bench.close();
    jest.restoreAllMocks();
  });

  it('fails the task of a process that is gone, with a reason, and its readers hear of it', async () => {
    const writer = await bench.orphan();
    await writer.write(status('TASK_STATE_WORKING'), chunk('so far'));
    const { taskId } = writer.run;
    const reader = bench.cursors.open({ context: bench.caller, taskId, afterSeq: 3, endsAt: () => false });
    const [{ value }] = await Promise.all([reader.next(), bench.look()]);
    expect(value).toMatchObject([{ type: 'event', seq: 4, final: true, event: { state: 'TASK_STATE_FAILED' } }]);
    expect(await bench.task(taskId)).toMatchObject({
      status: {
        state: 'TASK_STATE_FAILED',
        message: { role: 'ROLE_AGENT', taskId, metadata: { reason: 'RUN_LOST' }, parts: [{ text: /lost/ }] },
      },
      artifacts: [{ parts: [{ text: 'so far' }] }],
    } as object);
    expect(bench.executed).toEqual([]);
    expect(await writer.append(chunk('late'))).toMatchObject({ ok: false, reason: 'terminal' });
  });

  describe('an agent that is resumable', () => {
    it('is run again with its message, what it was told, the events so far and the attempt', async () => {
      bench.serve({ resumable: true }, (_context, updater) => updater.addArtifact('rest').then(() => undefined));
      const message = userMessage('count to ten');
      const metadata = { deep: [{ er: null }] };
      const configuration = { acceptedOutputModes: ['text/plain'] };
      const call = { protocolVersion: '0.3' as const, requestedExtensions: ['urn:x'] };
      const request = { turn: 1, metadata, configuration, call };
      const writer = await bench.orphan({ history: [message], request });
      await writer.write(status('TASK_STATE_WORKING'), chunk('one'), chunk('two'));
      await bench.look();
      expect(bench.executed).toHaveLength(1);
      expect(bench.executed[0]).toMatchObject({ message, metadata, configuration, turn: 1, attempt: 2 });
      expect(bench.executed[0]?.caller).toMatchObject({ ...call, owner: bench.caller.owner, agent: 'lab' });
      expect(texts(bench.executed[0] as RequestContext)).toEqual(['one', 'two']);
      expect(bench.executed[0]?.history).toEqual([message]);
      expect(await bench.endOf(writer)).toEqual(COMPLETED);
      expect((await bench.events(writer.run.taskId)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('is run again with the message of the turn that was lost, whatever came before', async () => {
      bench.serve({ resumable: true });
      const writer = await bench.orphan({ history: [userMessage('first')] });
      const { taskId } = writer.run;
      await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
      await bench.stores.runs.nextTurn(writer.run, 1);
      const second = userMessage('second');
      await writer.write(status('TASK_STATE_WORKING', { inbound: second }), chunk('a'));
      await bench.look();
      expect(bench.executed).toMatchObject([{ message: second, turn: 2, attempt: 2, taskId }]);
      expect(bench.executed[0]?.history).toHaveLength(2);
      expect(await bench.endOf(writer)).toEqual(COMPLETED);
    });

    it('is given up when its process is lost too often; turns of a conversation do not count', async () => {
      bench.serve({ resumable: true }, () => new Promise(() => undefined));
      const writer = await bench.orphan();
      for (let turn = 2; turn < 8; turn++) await bench.stores.runs.nextTurn(writer.run, turn - 1);
      await writer.write(status('TASK_STATE_WORKING', { inbound: userMessage('go on') }));
      await bench.recovery.look();
      expect(bench.executed).toMatchObject([{ turn: 7, attempt: 2 }]);

      const heir = new RunBench({}, { stores: bench.stores });
      await heir.ready;
      heir.agents.set('lab', bench.lab);
      await bench.stores.runs.removeReplica(bench.replica.id);
      await heir.recovery.look();
      expect(await bench.endOf(writer)).toEqual(FAILED('TOO_MANY_ATTEMPTS'));
      expect((await bench.task(writer.run.taskId)).status.message?.parts).toMatchObject([
        { text: /2 times/ },
      ] as object[]);
      expect(bench.executed).toHaveLength(1);
      bench.registry.stop('lost-ownership');
      await heir.close();
    });
  });

  it('runs a turn that was claimed and not begun, as that turn', async () => {
    const gone = await replica(bench.stores, 0);
    const writer = await beginInterrupted(bench.stores, bench.caller);
    await bench.put(writer, 'second');
    await bench.stores.runs.claimTurn(bench.caller, writer.run.taskId, gone);
    await bench.look();
    expect(bench.executed).toMatchObject([{ userText: 'second', turn: 2 }]);
    expect(await bench.endOf(writer)).toEqual(COMPLETED);
    expect(await bench.headOf(writer)).toMatchObject({ turn: 2 });
  });

  it.each([
    [true, COMPLETED],
    [false, FAILED('RUN_LOST')],
  ])(
    'leaves none working without an owner whose turn was counted and has no message (resumable: %s)',
    async (resumable, end) => {
      bench.serve({ resumable });
      const writer = await bench.orphan();
      await writer.write(status('TASK_STATE_WORKING'));
      await bench.stores.runs.nextTurn(writer.run, 1);
      await bench.look();
      expect(await bench.endOf(writer)).toEqual(end);
    },
  );

  it('goes on with a message that a shutdown left waiting with its task owned', async () => {
    const writer = await bench.orphan();
    await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
    await bench.put(writer, 'second');
    await bench.look();
    expect(bench.executed).toMatchObject([{ userText: 'second', turn: 2, attempt: 1 }]);
    expect(await bench.endOf(writer)).toEqual(COMPLETED);
  });

  it('leaves a task that waits for its client to the client', async () => {
    const writer = await bench.orphan();
    await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
    await bench.look();
    expect((await bench.headOf(writer))?.runOwner).toBeUndefined();
    expect((await bench.headOf(writer))?.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(await bench.events(writer.run.taskId)).toHaveLength(2);
    await bench.put(writer, 'second');
    await bench.look();
    expect(bench.executed).toMatchObject([{ userText: 'second', turn: 2, attempt: 1 }]);
  });

  it.each([
    [true, COMPLETED],
    [false, FAILED('RUN_LOST')],
  ])('does not leave a run to the client that was to go on by itself (resumable: %s)', async (resumable, end) => {
    bench.serve({ resumable });
    const writer = await bench.orphan();
    await writer.write(status('TASK_STATE_AUTH_REQUIRED'));
    await bench.look();
    expect(await bench.endOf(writer)).toEqual(end);
    const answered = await bench.orphan();
    await answered.write(status('TASK_STATE_AUTH_REQUIRED'));
    await bench.put(answered, 'authorized');
    await bench.look();
    expect(bench.executed.at(-1)).toMatchObject({ userText: 'authorized', turn: 2, attempt: 1 });
  });

  it('cancels a task whose client wished it before its process was lost', async () => {
    bench.serve({ resumable: true });
    const writer = await bench.orphan();
    await bench.stores.runs.requestCancel(bench.caller, writer.run.taskId);
    await bench.look();
    expect(await bench.endOf(writer)).toEqual({ state: 'TASK_STATE_CANCELED', reason: undefined });
    expect(bench.executed).toEqual([]);
  });

  it('answers a message that waits for a task that nobody runs', async () => {
    const writer = await beginInterrupted(bench.stores, bench.caller);
    await bench.put(writer, 'anybody there?');
    await bench.look();
    expect(bench.executed).toMatchObject([{ userText: 'anybody there?', turn: 2, attempt: 1 }]);
    expect(await bench.endOf(writer)).toEqual(COMPLETED);
  });
});
