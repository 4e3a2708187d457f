import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { figures, sized } from '../support/faults/figures.js';
import { OwnPostgres, type RestartMode } from '../support/faults/own-postgres.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';

const REPLICAS = 2;
const TASKS = sized(10, 60);
const SENDERS = 4;
/** From one restart to the next, so that something happens in between. */
const BETWEEN_MS = 1_000;
const STREAM = { chunks: sized(150, 500), bytes: 64, delayMs: 20 };
const UNDER_WAY = 10;
const LIMIT_MS = 240_000;
/** A restart takes less, so that it is no reason to give up a run. */
const ENV = { A2A_LEASE_MS: '30000' };

describe('a restart of Postgres while streams run and messages are sent', () => {
  let fleet: ReplicaFleet;
  let postgres: OwnPostgres;
  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    fleet = await ReplicaFleet.start({ replicas: REPLICAS, database: postgres, env: () => ENV });
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  it.each<[RestartMode, number]>([
    ['fast', sized(3, 20)],
    ['immediate', sized(1, 3)],
  ])(
    '%s, %i times: streams go on to their end, nothing that was acknowledged is lost, and no process dies',
    async (mode, restarts) => {
      const witness = new Witness(fleet);
      const watch = (index: number) =>
        witness.watch({
          agent: 'lab',
          stream: STREAM,
          at: index % REPLICAS,
          readers: [{ at: (index + 1) % REPLICAS, fromSnapshot: index % 3 === 0 }],
        });
      await Promise.all(Array.from({ length: TASKS }, (_, index) => watch(index)));
      await witness.underWay(UNDER_WAY);

      let over = false;
      const senders = Array.from({ length: SENDERS }, async (_, sender) => {
        for (let index = 0; !over || index < 2; index++)
          await witness.send(`${mode} ${sender} ${index}`, { at: index % REPLICAS });
      });
      const took: number[] = [];
      for (let restart = 0; restart < restarts; restart++) {
        if (restart > 0) await sleep(BETWEEN_MS);
        took.push(await postgres.restart(mode));
      }
      expect(fleet.usable).toHaveLength(REPLICAS);
      await witness.done(LIMIT_MS / 2);
      over = true;
      await Promise.all(senders);

      const verdict = await witness.verify();
      figures(
        `Postgres restarted (${mode}), away for ${took.map((ms) => `${Math.round(ms)} ms`).join(', ')}: ${verdict.events} events of ${TASKS} streams, ` +
          `${verdict.reconnects} reconnects; ${verdict.acknowledged} sends acknowledged, ${witness.retries} tried again`,
      );
      expect(verdict).toMatchObject({ completed: TASKS, failed: {} });
      expect(verdict.acknowledged).toBeGreaterThan(SENDERS);
    },
    LIMIT_MS,
  );
});
