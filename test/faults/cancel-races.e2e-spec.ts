import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { figures, sized } from '../support/faults/figures.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';
import type { RpcAnswer } from '../support/rpc.client.js';

const RACES = sized(100, 1000);
const AT_ONCE = 8;
const CHUNKS = 10;
const CANCEL_AFTER_MS = 100;
const NOT_CANCELABLE = -32002;
const UNAVAILABLE = -32053;
/** A task's id keeps time: pages of a list come newest first, and are of this many. */
const PAGE = 100;
const LIMIT_MS = 600_000;

interface Race {
  readonly id: string;
  readonly answers: readonly RpcAnswer<Task>[];
}

/** How long a task streams: as long as makes both outcomes likely, however slow the machine is. */
class StreamLength {
  #ms = 200;

  next() {
    return { chunks: CHUNKS, bytes: 16, delayMs: Math.ceil((this.#ms * (0.9 + Math.random() / 5)) / CHUNKS) };
  }

  /** Longer after a cancel that came too late, shorter after one that came in time. */
  learn(canceled: boolean): void {
    this.#ms = Math.min(20_000, Math.max(50, this.#ms * (canceled ? 0.9 : 1.2)));
  }
}

describe(`${RACES} tasks that complete at one replica while two others cancel them`, () => {
  let fleet: ReplicaFleet;
  let witness: Witness;
  const races: Race[] = [];
  const length = new StreamLength();

  beforeAll(async () => {
    fleet = await ReplicaFleet.start({ replicas: 3, losesNone: true });
    witness = new Witness(fleet);
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  async function race(number: number): Promise<void> {
    const owner = number % 3;
    const cancellers = [(owner + 1) % 3, (owner + 2) % 3];
    const readers = cancellers.map((at) => ({ at }));
    const { id } = await witness.watch({ agent: 'lab', stream: length.next(), at: owner, loyal: true, readers });
    await sleep(CANCEL_AFTER_MS);
    const answers = await Promise.all(cancellers.map((at) => fleet.at(at).lab().call<Task>('CancelTask', { id })));
    races.push({ id, answers });
    length.learn(answers.some(({ result }) => result !== undefined));
  }

  async function statesOf(replica: number): Promise<Map<string, string>> {
    const states = new Map<string, string>();
    let pageToken = '';
    do {
      const params = { pageSize: PAGE, ...(pageToken && { pageToken }) };
      const page = await fleet.at(replica).lab().result<{ tasks: Task[]; nextPageToken: string }>('ListTasks', params);
      for (const { id, status } of page.tasks) states.set(id, status.state);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    return states;
  }

  it(
    'each end in one way, on all streams, and in GetTask and ListTasks of all replicas; and the answers say which',
    async () => {
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < RACES) await race(next++);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      await witness.done(LIMIT_MS / 4);

      // Also that each stream has one end, the same as the log of every replica.
      const verdict = await witness.verify();
      const lists = await Promise.all([0, 1, 2].map(statesOf));
      let [canceled, refused] = [0, 0];
      for (const { id, answers } of races) {
        const states = lists.map((list) => list.get(id));
        const tasks = [0, 1, 2].map((at) => fleet.at(at).lab().result<Task>('GetTask', { id }));
        states.push(...(await Promise.all(tasks)).map(({ status }) => status.state));
        const [state] = states;
        expect(new Set(states)).toEqual(new Set([state]));
        // Who is told that it canceled the task has done so; who is told that it could not, has not come in time, or second; who is
        // told to try again, which an overloaded replica may say, knows nothing.
        const told = answers.map(({ result, error }) => result?.status.state ?? error?.code);
        const wasCanceled = state === 'TASK_STATE_CANCELED';
        if (wasCanceled) canceled++;
        else expect(state).toBe('TASK_STATE_COMPLETED');
        for (const each of told) expect([NOT_CANCELABLE, UNAVAILABLE, 'TASK_STATE_CANCELED']).toContain(each);
        const unknown = told.filter((each) => each === UNAVAILABLE).length;
        refused += unknown;
        if (unknown === 0 || !wasCanceled) expect(told.includes('TASK_STATE_CANCELED')).toBe(wasCanceled);
      }
      figures(
        `${RACES} cancel races: ${verdict.completed} completed, ${canceled} canceled, ${refused} answers UNAVAILABLE; ` +
          `${verdict.events} events, ${verdict.readers} streams`,
      );
      expect(verdict).toMatchObject({ tasks: RACES, completed: RACES - canceled, reconnects: 0 });
      expect(Math.min(canceled, verdict.completed)).toBeGreaterThan(RACES / 20);
    },
    LIMIT_MS,
  );
});
