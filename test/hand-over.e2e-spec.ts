import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../src/protocol/model/index.js';
import { isTerminal } from '../src/protocol/state/task-state.js';
import { RecordedStream } from './support/recorded-stream.js';
import { ReplayedLog } from './support/replayed-log.js';
import { type RpcClient, textMessage } from './support/rpc.client.js';
import { labOf, ServiceFleet } from './support/service.fleet.js';

const LIMIT_MS = 120_000;
/** Longer than a shutdown waits for runs. */
const ASKED = { chunks: 400, bytes: 16 };
const STREAM = `stream ${ASKED.chunks} ${ASKED.bytes} 50`;

describe('a process that is told to end while agents work', () => {
  let fleet: ServiceFleet;
  beforeEach(async () => {
    fleet = await ServiceFleet.create({ A2A_LEASE_MS: '60000', A2A_RECOVERY_MS: '60000' });
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  async function ended(client: RpcClient, id: string): Promise<Task> {
    for (;;) {
      const task = await client.result<Task>('GetTask', { id });
      if (isTerminal(task.status.state)) return task;
      await sleep(50);
    }
  }

  it(
    'hands the tasks of resumable agents over: a client resumes elsewhere and has each event once',
    async () => {
      const [a, b] = [await fleet.start(), await fleet.start()];
      const plain = await labOf(a).result<{ task: Task }>('SendMessage', {
        message: textMessage(STREAM),
        configuration: { returnImmediately: true },
      });
      const params = { message: textMessage(STREAM) };
      const reading = RecordedStream.of(labOf(a, 'lab-resumable'), 'SendStreamingMessage', params);
      while (
        (await labOf(b, 'lab-resumable').result<{ tasks: Task[] }>('ListTasks', { status: 'TASK_STATE_WORKING' })).tasks
          .length === 0
      )
        await sleep(20);
      expect(await a.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      const first = await reading;
      const id = taskIdOf(first);
      const last = first.frames.filter(({ seq }) => seq !== undefined).at(-1)?.seq ?? 0;
      expect(last).toBeGreaterThan(10);
      const resumable = labOf(b, 'lab-resumable');
      const rest = await RecordedStream.of(resumable, 'SubscribeToTask', { id }, { lastEventId: last });
      expect(rest.outcome).toBe('ended');
      expect((await ended(resumable, id)).status.state).toBe('TASK_STATE_COMPLETED');
      const log = await ReplayedLog.read(resumable, id);
      log.expectWhole(ASKED);
      const seqs = [...first.frames, ...rest.frames].flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
      expect(seqs).toEqual(log.frames.map(({ seq }) => seq));
      // The agent that is not resumable had its time.
      const failed = await ended(labOf(b), plain.task.id);
      expect(failed.status).toMatchObject({
        state: 'TASK_STATE_FAILED',
        message: { metadata: { reason: 'SHUTDOWN' } },
      });
    },
    LIMIT_MS,
  );
});

function taskIdOf({ frames }: RecordedStream): string {
  const result = frames[0]?.answer.result;
  if (!result || !('task' in result)) throw new Error('The stream did not begin with the task.');
  return result.task.id;
}
