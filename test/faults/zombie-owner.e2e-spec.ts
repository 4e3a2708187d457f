import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { figures, sized, spread } from '../support/faults/figures.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';

const TASKS = sized(10, 40);
/** Long enough that none ends before the fault, however slow the machine is. */
const STREAM = { chunks: sized(200, 800), bytes: 64, delayMs: sized(100, 25) };
const UNDER_WAY = 10;
/** At the least; until its tasks are taken over in any case. */
const STOPPED_MS = sized(0, 30_000);
const LIMIT_MS = 150_000;

describe(`a replica that stands still for longer than its lease, with ${TASKS} tasks`, () => {
  let fleet: ReplicaFleet;
  beforeEach(async () => {
    fleet = await ReplicaFleet.start({ replicas: 2 });
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  it(
    'writes nothing when it wakes up, and tells its agents to stop',
    async () => {
      const witness = new Witness(fleet);
      const watch = (index: number) =>
        witness.watch({
          agent: index % 5 === 0 ? 'lab' : 'lab-resumable',
          stream: STREAM,
          at: 0,
          readers: [{ at: 1 }, { at: 0, fromSnapshot: true }],
        });
      await Promise.all(Array.from({ length: TASKS }, (_, index) => watch(index)));
      await witness.underWay(UNDER_WAY);

      const zombie = fleet.at(0);
      zombie.stop();
      const stopped = performance.now();
      while ((await witness.takeovers()).length < TASKS) await sleep(100);
      const taken = (await witness.takeovers()).map(({ at }) => at - stopped);
      // The heir is in the middle of it.
      await sleep(Math.max(300, STOPPED_MS - (performance.now() - stopped)));
      const lost = zombie.service.said('The lease of this process is over');
      zombie.goOn();
      const woken = performance.now();
      const noticed = (await lost) - woken;
      await witness.done(LIMIT_MS / 2);

      const verdict = await witness.verify();
      const told = zombie.service.log.match(/was told to stop: lost-ownership/g) ?? [];
      figures(
        `SIGSTOP of the owner of ${TASKS} tasks: taken over after ${spread(taken)}; awake again after ${Math.round(woken - stopped)} ms, ` +
          `it noticed after ${Math.round(noticed)} ms; events of the old owner behind those of the new one: ${await witness.oldOwnersRows()}; agents told to stop: ${told.length}`,
      );
      expect(told).toHaveLength(TASKS);
      expect(verdict).toMatchObject({ completed: TASKS * 0.8, failed: { RUN_LOST: TASKS * 0.2 } });
      await witness.send('back', { at: 0 });
    },
    LIMIT_MS,
  );
});
