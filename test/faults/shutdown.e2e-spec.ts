import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task, TaskStatus } from '../../src/protocol/model/index.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { type RecordedFrame, RecordedStream } from '../support/recorded-stream.js';
import { plain, ReplayedLog, resultOf } from '../support/replayed-log.js';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { ServicePlace } from '../support/service.place.js';

const LIMIT_MS = 240_000;
/** Ends within the drain time. */
const SHORT = 'stream 40 64 50';
/** Does not. */
const LONG = ['hang', 'stream 100000 64 20', 'sleep 600000'];

const statusOf = (frame?: RecordedFrame): TaskStatus | undefined => {
  const result = frame && resultOf(frame);
  return result && 'statusUpdate' in result ? result.statusUpdate.status : undefined;
};

/** A reader of a task, from before the shutdown to the end of its stream. */
class Reader {
  taskId = '';
  readonly done: Promise<RecordedStream>;
  #show!: () => void;
  /** The run is under way. */
  readonly started = new Promise<void>((resolve) => (this.#show = resolve));

  constructor(client: RpcClient, method: string, params: unknown) {
    const until = (frame: RecordedFrame): boolean => {
      const result = resultOf(frame);
      if ('task' in result) this.taskId = result.task.id;
      if (frame.seq && frame.seq > 1) this.#show();
      return false;
    };
    this.done = RecordedStream.of(client, method, params, { until });
  }

  static send(client: RpcClient, text: string): Reader {
    return new Reader(client, 'SendStreamingMessage', { message: textMessage(text) });
  }
}

describe('a shutdown while streams run', () => {
  let place: ServicePlace;
  let client: RpcClient;

  beforeAll(async () => {
    place = await ServicePlace.create();
    client = new RpcClient(`http://127.0.0.1:${place.port}/agents/lab`);
  });
  beforeEach(() => place.start(), LIMIT_MS);
  afterEach(() => place.service.kill('SIGKILL'));
  afterAll(() => place.remove(), LIMIT_MS);

  async function started(texts: string[]): Promise<Reader[]> {
    const readers = texts.map((text) => Reader.send(client, text));
    await Promise.all(readers.map((reader) => reader.started));
    return readers;
  }

  /** The exit code and an orderly end of the database. */
  async function expectGone(exit: Promise<unknown>): Promise<void> {
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(place.postmaster).toBeUndefined();
    expect(place.databaseProcesses).toEqual([]);
  }

  /** What the readers saw to its end is what the next process serves. */
  async function expectServedAgain(readers: Reader[]): Promise<void> {
    await place.start();
    for (const { taskId, done } of readers) {
      const log = await ReplayedLog.read(client, taskId);
      expect(log.ended).toBe(true);
      expect((await done).frames.map(({ raw }) => raw).join('')).toBe(log.rawAfter(0));
      expect(plain(log.foldTo(log.lastSeq))).toEqual(plain(log.task));
    }
  }

  it(
    'by SIGTERM waits for the runs that end, fails the others with a reason, and tells all readers',
    async () => {
      const { task: question } = await client.result<{ task: Task }>('SendMessage', { message: textMessage('ask') });
      const waiting = new Reader(client, 'SubscribeToTask', { id: question.id });
      const short = await started([SHORT, SHORT]);
      const long = await started(LONG);
      const exit = place.service.kill('SIGTERM');

      while ((await fetch(`${place.service.origin}/health/ready`)).ok) await sleep(10);
      const refused = await client.call('SendMessage', { message: textMessage('echo too late') });
      expect(refused.error).toMatchObject({ message: expect.stringMatching(/shutting down/) as unknown });
      expect(await client.result('GetTask', { id: question.id })).toMatchObject({ id: question.id });

      for (const { done } of short) {
        const { outcome, frames } = await done;
        expect([outcome, statusOf(frames.at(-1))?.state]).toEqual(['ended', 'TASK_STATE_COMPLETED']);
      }
      for (const { done } of long) {
        const { outcome, frames } = await done;
        expect(outcome).toBe('ended');
        expect(statusOf(frames.at(-1))).toMatchObject({
          state: 'TASK_STATE_FAILED',
          message: { role: 'ROLE_AGENT', metadata: { reason: 'SHUTDOWN' } },
        });
      }
      expect((await waiting.done).outcome).toBe('ended');
      await expectGone(exit);

      await expectServedAgain([...short, ...long]);
      const answer = { message: textMessage('fine', { taskId: question.id }) };
      const { task } = await client.result<{ task: Task }>('SendMessage', answer);
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    },
    LIMIT_MS,
  );

  it(
    'by SIGINT to the whole process group, as at a terminal, is as orderly, however often it comes',
    async () => {
      const readers = await started([SHORT, SHORT, SHORT]);
      const exit = place.service.interrupt('SIGINT');
      void place.service.interrupt('SIGINT');
      for (const { done } of readers) {
        const { outcome, frames } = await done;
        expect([outcome, statusOf(frames.at(-1))?.state]).toEqual(['ended', 'TASK_STATE_COMPLETED']);
      }
      await expectGone(exit);
      await expectServedAgain(readers);
    },
    LIMIT_MS,
  );
});

describe('a shutdown while Postgres cannot be reached', () => {
  let fleet: ReplicaFleet;
  beforeAll(async () => {
    fleet = await ReplicaFleet.start({ replicas: 1, env: () => ({ A2A_DRAIN_MS: '200' }) });
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  it(
    'exits with 1, since the end of the run is not stored',
    async () => {
      const { service, proxy } = fleet.at(0);
      const reader = Reader.send(fleet.at(0).lab(), 'stream 100000 64 20');
      await reader.started;
      proxy.refusing = true;
      proxy.cut();
      expect(await service.kill('SIGTERM')).toEqual({ code: 1, signal: null });
      expect(service.log).toContain('could not be reached at the shutdown');
      expect((await reader.done).frames.map(({ raw }) => raw).join('')).not.toContain('SHUTDOWN');
    },
    LIMIT_MS,
  );
});
