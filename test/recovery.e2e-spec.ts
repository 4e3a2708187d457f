import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Task } from '../src/protocol/model/index.js';
import { isTerminal } from '../src/protocol/state/task-state.js';
import { openLossyProxy } from './support/lossy-proxy.js';
import { type RecordedFrame, RecordedStream } from './support/recorded-stream.js';
import { ReplayedLog, resultOf } from './support/replayed-log.js';
import { type RpcClient, textMessage } from './support/rpc.client.js';
import { labOf, ServiceFleet } from './support/service.fleet.js';
import type { ServiceProcess } from './support/service.process.js';
import { until } from '../src/testing/contracts/until.js';

const LIMIT_MS = 240_000;
/** Long enough for a busy machine; where a process loses its lease all the same, its runs are only run once more. */
const ENV = { A2A_LEASE_MS: '4000', A2A_RECOVERY_MS: '500', A2A_MAX_ATTEMPTS: '10' };
/** Still under way when the process is lost, also on a slow machine. */
const ASKED = { chunks: 120, bytes: 32, delayMs: 100 };
const STREAM = `stream ${ASKED.chunks} ${ASKED.bytes} ${ASKED.delayMs}`;
/** Of the task and of `working`, and some chunks. */
const UNDER_WAY = 12;

const RUN_LOST = { state: 'TASK_STATE_FAILED', message: { role: 'ROLE_AGENT', metadata: { reason: 'RUN_LOST' } } };

describe('tasks whose process is lost', () => {
  let fleet: ServiceFleet;
  beforeEach(async () => {
    fleet = await ServiceFleet.create(ENV);
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  async function begin(client: RpcClient, text: string): Promise<string> {
    const params = { message: textMessage(text), configuration: { returnImmediately: true } };
    return (await client.result<{ task: Task }>('SendMessage', params)).task.id;
  }

  /** A reader from the first event on; `until` ends it. */
  const read = (client: RpcClient, id: string, until?: (frame: RecordedFrame) => boolean): Promise<RecordedStream> =>
    RecordedStream.of(client, 'SubscribeToTask', { id }, { lastEventId: 0, until, silenceMs: LIMIT_MS });

  /** Resolves when the run has stored this many events. */
  const untilEvent = (client: RpcClient, id: string, seq = UNDER_WAY) => read(client, id, (frame) => frame.seq === seq);

  /** Resolves when events of two owners are stored. */
  async function untilHeirWrites(id: string): Promise<void> {
    const database = new pg.Client({ connectionString: fleet.database.url });
    await database.connect();
    try {
      const owners = 'select distinct fence from a2a_event where task_id = $1';
      await until(async () => (await database.query(owners, [id])).rows.length > 1);
    } finally {
      await database.end();
    }
  }

  async function ended(client: RpcClient, id: string): Promise<Task> {
    for (;;) {
      const task = await client.result<Task>('GetTask', { id });
      if (isTerminal(task.status.state)) return task;
      await sleep(50);
    }
  }

  const shown = ({ frames }: RecordedStream): string => frames.map(({ raw }) => raw).join('');

  /** The log is whole, and a reader was shown all of it, each event once. */
  async function expectWhole(client: RpcClient, id: string, reader: RecordedStream): Promise<ReplayedLog> {
    const log = await ReplayedLog.read(client, id);
    log.expectWhole(ASKED);
    expect(reader.outcome).toBe('ended');
    expect(shown(reader)).toBe(log.rawAfter(0));
    return log;
  }

  it(
    'are finished or failed by another process, and readers there are told',
    async () => {
      const [a, b] = [await fleet.start(), await fleet.start()];
      const [plain, resumable, asking] = await Promise.all([
        begin(labOf(a), STREAM),
        begin(labOf(a, 'lab-resumable'), STREAM),
        begin(labOf(a), 'ask'),
      ]);
      const readers = [read(labOf(b), plain), read(labOf(b, 'lab-resumable'), resumable)] as const;
      // The same message again waits at the other process for the end of the one run.
      const message = textMessage('sleep 600000');
      const atFirst = labOf(a).result('SendMessage', { message });
      const lost = expect(atFirst).rejects.toThrow();
      while (
        !(await labOf(b).result<{ tasks: Task[] }>('ListTasks', { pageSize: 1, status: 'TASK_STATE_WORKING' })).tasks
          .length
      );
      const blocked = labOf(b).result<{ task: Task }>('SendMessage', { message });
      await Promise.all([untilEvent(labOf(b), plain), untilEvent(labOf(b, 'lab-resumable'), resumable)]);

      await a.kill('SIGKILL');
      await lost;

      const [failed, completed] = await Promise.all(readers);
      const failure = await expectWhole(labOf(b), plain, failed);
      expect(failure.task.status).toMatchObject(RUN_LOST);
      expect(failure.lastSeq).toBeGreaterThan(UNDER_WAY);
      const whole = await expectWhole(labOf(b, 'lab-resumable'), resumable, completed);
      expect(whole.task.status.state).toBe('TASK_STATE_COMPLETED');
      expect((await blocked).task.status).toMatchObject(RUN_LOST);

      expect((await labOf(b).result<Task>('GetTask', { id: asking })).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
      const answer = { message: textMessage('fine', { taskId: asking }) };
      const { task } = await labOf(b).result<{ task: Task }>('SendMessage', answer);
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    },
    LIMIT_MS,
  );

  it(
    'are finished or failed by the next process when there was no other',
    async () => {
      const a = await fleet.start();
      const [plain, resumable] = [await begin(labOf(a), STREAM), await begin(labOf(a, 'lab-resumable'), STREAM)];
      await Promise.all([untilEvent(labOf(a), plain), untilEvent(labOf(a, 'lab-resumable'), resumable)]);
      await a.kill('SIGKILL');

      const b = await fleet.start();
      expect((await ended(labOf(b), plain)).status).toMatchObject(RUN_LOST);
      const log = await expectWhole(
        labOf(b, 'lab-resumable'),
        resumable,
        await read(labOf(b, 'lab-resumable'), resumable),
      );
      expect(log.task.status.state).toBe('TASK_STATE_COMPLETED');
    },
    LIMIT_MS,
  );

  it(
    'are taken over once, by one of several processes',
    async () => {
      const a = await fleet.start();
      const heirs = [await fleet.start(), await fleet.start()];
      const client = labOf(a, 'lab-resumable');
      const ids = await Promise.all(Array.from({ length: 20 }, () => begin(client, STREAM)));
      await Promise.all(ids.map((id) => untilEvent(client, id)));
      const readers = ids.map((id, index) => read(labOf(heirs[index % 2]!, 'lab-resumable'), id));
      await a.kill('SIGKILL');
      for (const [index, reader] of readers.entries()) {
        const log = await expectWhole(labOf(heirs[0]!, 'lab-resumable'), ids[index]!, await reader);
        expect(log.task.status.state).toBe('TASK_STATE_COMPLETED');
      }
    },
    LIMIT_MS,
  );

  it(
    'are not retried indefinitely when they crash the process',
    async () => {
      const attempts = { A2A_MAX_ATTEMPTS: '2' };
      const message = textMessage('die');
      for (const service of [await fleet.start(attempts), await fleet.start(attempts)]) {
        // The first one is sent it; the second one finds it.
        const sent = labOf(service, 'lab-resumable').stream('SendStreamingMessage', { message });
        await Promise.all([service.exited, sent.catch(() => undefined)]);
      }
      const last = await fleet.start(attempts);
      const client = labOf(last, 'lab-resumable');
      const { task } = await client.result<{ task: Task }>('SendMessage', { message });
      expect(task.status).toMatchObject({
        state: 'TASK_STATE_FAILED',
        message: { metadata: { reason: 'TOO_MANY_ATTEMPTS' } },
      });
      await client.result('SendMessage', { message: textMessage('echo well') });
      expect(last.alive).toBe(true);
    },
    LIMIT_MS,
  );

  it(
    'are run again until they do not',
    async () => {
      const a = await fleet.start();
      const message = textMessage('die 1');
      await labOf(a, 'lab-resumable')
        .stream('SendStreamingMessage', { message })
        .catch(() => undefined);
      await a.exited;
      const client = labOf(await fleet.start(), 'lab-resumable');
      const { task } = await client.result<{ task: Task }>('SendMessage', { message });
      expect(task).toMatchObject({
        status: { state: 'TASK_STATE_COMPLETED' },
        artifacts: [{ parts: [{ text: 'alive at attempt 2' }] }],
      });
    },
    LIMIT_MS,
  );

  it(
    'are written by nobody but the heir when the process was only stopped, and wakes up',
    async () => {
      const [a, b] = [await fleet.start(), await fleet.start()];
      const id = await begin(labOf(a, 'lab-resumable'), STREAM);
      await untilEvent(labOf(b, 'lab-resumable'), id);
      const reader = read(labOf(b, 'lab-resumable'), id);
      process.kill(a.pid, 'SIGSTOP');
      await untilHeirWrites(id);
      process.kill(a.pid, 'SIGCONT');
      const log = await expectWhole(labOf(b, 'lab-resumable'), id, await reader);
      expect(log.task.status.state).toBe('TASK_STATE_COMPLETED');
      // The other one goes on, under a new id.
      const { task } = await sendUntilTaken(labOf(a), 'echo back');
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
      await until(() => a.log.includes('The lease of this process is over'));
    },
    LIMIT_MS,
  );

  it(
    'are given up by a process that loses its database, and ended by it when it is back',
    async () => {
      const proxy = await openLossyProxy(fleet.database.url);
      const a: ServiceProcess = await fleet.start({ DATABASE_URL: proxy.url });
      try {
        const [plain, resumable] = [await begin(labOf(a), STREAM), await begin(labOf(a, 'lab-resumable'), STREAM)];
        const readers = [read(labOf(a), plain), read(labOf(a, 'lab-resumable'), resumable)] as const;
        await Promise.all([untilEvent(labOf(a), plain), untilEvent(labOf(a, 'lab-resumable'), resumable)]);
        proxy.fallSilent();
        while (!a.log.includes('The lease of this process is over')) await sleep(50);
        proxy.speak({ cut: true });
        const [failed, completed] = await Promise.all(readers);
        const failure = await expectWhole(labOf(a), plain, failed);
        expect(failure.task.status).toMatchObject(RUN_LOST);
        const whole = await expectWhole(labOf(a, 'lab-resumable'), resumable, completed);
        expect(whole.task.status.state).toBe('TASK_STATE_COMPLETED');
        expect(whole.frames.map(resultOf).filter((result) => 'statusUpdate' in result)).toHaveLength(2);
        expect((await sendUntilTaken(labOf(a), 'echo back')).task.status.state).toBe('TASK_STATE_COMPLETED');
      } finally {
        await a.kill('SIGKILL');
        await proxy.close();
      }
    },
    LIMIT_MS,
  );

  /** As clients do: again after a refusal that says so. */
  async function sendUntilTaken(client: RpcClient, text: string): Promise<{ task: Task }> {
    const message = textMessage(text);
    for (;;) {
      const { result, error } = await client.call<{ task: Task }>('SendMessage', { message });
      if (result) return result;
      expect(error?.message).toMatch(/again/);
      await sleep(100);
    }
  }
});
