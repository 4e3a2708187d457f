import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamResponse, Task } from '../../src/protocol/model/index.js';
import { figures, sized } from '../support/faults/figures.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';
import { RecordedStream } from '../support/recorded-stream.js';
import { plain, ReplayedLog, resultOf } from '../support/replayed-log.js';

const REPLICAS = 3;
const TASKS = sized(10, 100);
/** Each of them connects again and again to what it is shown some events of. */
const READERS = sized(3, 6);
const STREAM = { chunks: 60, bytes: 2_000, delayMs: 5 };
/** Of the task, `working` and the end around the chunks. */
const EVENTS = STREAM.chunks + 3;
/** Longer than the test takes: logs are trimmed, by whichever replica it is, once they are made older. */
const TRIM_AFTER_MS = 3_600_000;
const MAKE_OLDER = `update a2a_task set rested_at = coalesce(rested_at, status_at) - interval '2 hours'`;
/** A round ends within that time, however far it got. */
const EVERY_MS = 3_000;
/** Some events, and then the connection breaks. */
const MOST_EVENTS = 8;
const AT_ONCE = 5;
/** Tasks that have readers. */
const MOST_WATCHED = 10;
/** Connections of each kind that must have been. */
const LEAST = 10;
const BEYOND = 999_999_999;
/** Of a reader, between two connections: the replicas have something else to do as well. */
const PAUSE_MS = 100;
const LIMIT_MS = 600_000;

/** A log that was read before it was trimmed. */
type Whole = Pick<ReplayedLog, 'frames' | 'task'>;

/** How the connections of a reader began, and what it was shown. */
interface CounterMap {
  /** Behind the last event that the reader had. */
  resumed: number;
  /** With the whole task instead. */
  snapshots: number;
}

describe(`logs of ${TASKS} tasks that are trimmed while readers come back at any place in them`, () => {
  let fleet: ReplicaFleet;
  beforeAll(async () => {
    const env = {
      A2A_TRIM_AFTER_MS: String(TRIM_AFTER_MS),
      A2A_RETENTION_EVERY_MS: String(EVERY_MS),
    };
    fleet = await ReplicaFleet.start({ replicas: REPLICAS, losesNone: true, env: () => env });
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  async function trimmed(): Promise<{ whole: number; left: number }> {
    const [row] = await fleet.query<{ whole: number; left: number }>(
      `select (select count(*)::int from a2a_task where trimmed_seq < last_seq) as whole, (select count(*)::int from a2a_event) as left`,
    );
    return row!;
  }

  /** Holds one connection to what the log said while it was whole: events in order, or the task as it is at its end. */
  function expectNoGap(frames: RecordedStream['frames'], lastEventId: number, log: Whole, tally: CounterMap): void {
    let last = lastEventId;
    for (const frame of frames) {
      const event: StreamResponse = resultOf(frame);
      if ('task' in event && frame.seq !== 1) {
        expect(frame.seq).toBe(EVENTS);
        expect(plain(event.task)).toEqual(plain(log.task));
        tally.snapshots++;
      } else {
        expect(frame.seq).toBe(last + 1);
        expect(frame.raw).toBe(log.frames[last]?.raw);
        if (last === lastEventId) tally.resumed++;
      }
      last = frame.seq ?? NaN;
    }
  }

  /** Comes back to a random place at a random replica, again and again. */
  async function wander(log: ReplayedLog, tally: CounterMap, stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      const { id } = log.task;
      const lastEventId = Math.floor(Math.random() * EVENTS);
      const client = fleet.at(Math.floor(Math.random() * REPLICAS)).lab();
      const most = 1 + Math.floor(Math.random() * MOST_EVENTS);
      let count = 0;
      const stream = await RecordedStream.patiently(
        client,
        'SubscribeToTask',
        { id },
        { lastEventId, until: () => ++count >= most },
      );
      expect(stream.refusal).toBeUndefined();
      expect(['left', 'ended']).toContain(stream.outcome);
      expect(stream.frames.length).toBeGreaterThan(0);
      expectNoGap(stream.frames, lastEventId, log, tally);
      // In order to its own end, it has seen the last event.
      if (stream.outcome === 'ended') expect(stream.frames.at(-1)?.seq).toBe(EVENTS);
      await sleep(PAUSE_MS);
    }
  }

  it(
    'show each of them what follows, or the whole task; never a gap',
    async () => {
      const witness = new Witness(fleet);
      const watch = (index: number) => witness.watch({ agent: 'lab', stream: STREAM, at: index % REPLICAS });
      const logs: ReplayedLog[] = [];
      const tally: CounterMap = { resumed: 0, snapshots: 0 };
      let over = false;
      const wanderers: Promise<void>[] = [];
      const begin = async (index: number): Promise<void> => {
        const { id, readers } = await watch(index);
        await readers[0]?.done;
        const log = await ReplayedLog.read(fleet.at((index + 1) % REPLICAS).lab(), id);
        log.expectWhole(STREAM);
        logs.push(log);
        if (index >= MOST_WATCHED) return;
        for (let reader = 0; reader < READERS; reader++) wanderers.push(wander(log, tally, () => over));
      };
      for (let index = 0; index < TASKS; index += AT_ONCE) {
        await Promise.all(Array.from({ length: AT_ONCE }, (_, offset) => begin(index + offset)));
      }
      while (tally.resumed <= LEAST) await sleep(100);
      await fleet.query(MAKE_OLDER);
      while ((await trimmed()).whole > 0) await sleep(100);
      const before = { ...tally };
      while (tally.snapshots <= LEAST) await sleep(100);
      over = true;
      await Promise.all(wanderers);

      // What is left is the task, whole, at every replica, whatever a reader comes back with.
      for (const { task } of logs) {
        for (const { number } of fleet.replicas) {
          const client = fleet.at(number).lab();
          expect(plain(await client.result<Task>('GetTask', { id: task.id }))).toEqual(plain(task));
          for (const lastEventId of [0, 1 + Math.floor(Math.random() * (EVENTS - 2)), BEYOND]) {
            const { frames, outcome } = await RecordedStream.patiently(
              client,
              'SubscribeToTask',
              { id: task.id },
              { lastEventId },
            );
            expect(outcome).toBe('ended');
            expect(frames.map(({ seq }) => seq)).toEqual([EVENTS]);
            expectNoGap(
              frames,
              lastEventId,
              { frames: [], task },
              {
                resumed: 0,
                snapshots: 0,
              },
            );
          }
        }
      }
      const { left } = await trimmed();
      figures(
        `${TASKS} logs trimmed under ${wanderers.length} readers: ${before.resumed} connections went on behind their event, ` +
          `${tally.snapshots} were shown the task; no gap; ${left} rows of events left`,
      );
      expect(left).toBe(0);
    },
    LIMIT_MS,
  );
});
