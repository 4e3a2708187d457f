import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { figures, sized, spread } from '../support/faults/figures.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';

const TASKS = sized(10, 40);
const LEASE_MS = 10_000;
/** Long enough that none ends before the fault, however slow the machine is. */
const STREAM = { chunks: sized(250, 800), bytes: 64, delayMs: sized(80, 25) };
const UNDER_WAY = 10;
const LIMIT_MS = 180_000;
const OVER = 'The lease of this process is over';

/** By the clock of the process that logged it, in ms since the epoch. */
function loggedAt(log: string, text: string): number {
  const line = log.split('\n').find((each) => each.includes(text)) ?? '{}';
  return Date.parse((JSON.parse(line) as { timestamp: string }).timestamp);
}

describe(`a replica whose database falls silent without a word, with ${TASKS} tasks`, () => {
  let fleet: ReplicaFleet;
  beforeEach(async () => {
    const env = { A2A_LEASE_MS: String(LEASE_MS), A2A_LOG_FORMAT: 'json' };
    fleet = await ReplicaFleet.start({ replicas: 3, env: () => env });
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  it.each(sized([true], [true, false]))(
    'stops its agents before its lease is over, and others go on; its readers are served when it is back (old connections break: %s)',
    async (cut) => {
      const witness = new Witness(fleet);
      const watch = (index: number) =>
        witness.watch({
          agent: index % 5 === 0 ? 'lab' : 'lab-resumable',
          stream: STREAM,
          at: 0,
          readers: [{ at: 1 + (index % 2) }, { at: 0, loyal: true }],
        });
      await Promise.all(Array.from({ length: TASKS }, (_, index) => watch(index)));
      await witness.underWay(UNDER_WAY);

      const { service, proxy } = fleet.at(0);
      const over = service.said(OVER);
      proxy.fallSilent();
      const [silent, silentAt] = [performance.now(), Date.now()];
      await over;
      // This process may read it later than it was said.
      const stopped = loggedAt(service.log, OVER) - silentAt;
      while ((await witness.takeovers()).length < TASKS) await sleep(100);
      const taken = (await witness.takeovers()).map(({ at }) => at - silent);
      proxy.speak({ cut });
      await witness.done(LIMIT_MS / 2);

      const verdict = await witness.verify();
      const told = service.log.match(/was told to stop: lost-ownership/g) ?? [];
      figures(
        `Database of a replica with ${TASKS} tasks silent: it stopped them after ${Math.round(stopped)} ms (lease ${LEASE_MS} ms); ` +
          `others went on after ${spread(taken)}; ${verdict.events} events, ${verdict.reconnects} reconnects`,
      );
      expect(told).toHaveLength(TASKS);
      expect(stopped).toBeLessThan(LEASE_MS);
      expect(stopped).toBeLessThan(Math.min(...taken));
      expect(verdict).toMatchObject({ completed: TASKS * 0.8, failed: { RUN_LOST: TASKS * 0.2 } });
      await witness.send('back', { at: 0 });
    },
    LIMIT_MS,
  );
});
