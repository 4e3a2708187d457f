import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figures, sized, spread } from '../support/faults/figures.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';

const TASKS = sized(20, 100);
/** Long enough that none ends before the fault, however slow the machine is. */
const STREAM = { chunks: sized(400, 800), bytes: 64, delayMs: sized(50, 25) };
/** Of the task and of `working`, and some chunks. */
const UNDER_WAY = 10;
const LIMIT_MS = 120_000;

describe(`kill -9 of the replica that runs ${TASKS} tasks, of three`, () => {
  let fleet: ReplicaFleet;
  beforeEach(async () => {
    fleet = await ReplicaFleet.start({ replicas: 3 });
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  it(
    'loses and doubles nothing: each task is continued or failed by another one, and its readers continue there',
    async () => {
      const witness = new Witness(fleet);
      const watch = (index: number) =>
        witness.watch({
          agent: index % 2 === 0 ? 'lab' : 'lab-resumable',
          stream: STREAM,
          at: 0,
          readers: [{ at: 0, fromSnapshot: true }, { at: 1 + (index % 2) }],
        });
      await Promise.all(Array.from({ length: TASKS }, (_, index) => watch(index)));
      await witness.underWay(UNDER_WAY);

      const killed = performance.now();
      expect(await witness.kill(0)).toHaveLength(TASKS);
      await witness.done(LIMIT_MS / 2);

      const verdict = await witness.verify();
      const takeovers = (await witness.takeovers()).map(({ at }) => at - killed);
      figures(
        `kill -9 of the owner of ${TASKS} tasks: continued or failed after ${spread(takeovers)}; ` +
          `${verdict.events} events, ${verdict.readers} readers, ${verdict.reconnects} reconnects`,
      );
      expect(takeovers).toHaveLength(TASKS);
      expect(verdict).toMatchObject({ completed: TASKS / 2, failed: { RUN_LOST: TASKS / 2 } });
      expect(verdict.reconnects).toBeGreaterThanOrEqual(2 * TASKS);
    },
    LIMIT_MS,
  );
});
