import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplayedLog } from '../support/replayed-log.js';
import { Replicas, RollingLoad } from '../support/rolling-load.js';
import { labOf, ServiceFleet } from '../support/service.fleet.js';
import type { ServiceProcess } from '../support/service.process.js';

const LIMIT_MS = 240_000;
const SIZE = 3;
/** Streams whose runs end within the drain, and streams whose runs do not and are handed over to another replica. */
const SHORT = { chunks: 10, delayMs: 50 };
const LONG = { chunks: 80, delayMs: 100 };
const ENVIRONMENT = { A2A_DRAIN_DELAY_MS: '300', A2A_DRAIN_MS: '4000' };

describe('replicas that are replaced one after the other', () => {
  let fleet: ServiceFleet;
  let services: ServiceProcess[];

  beforeAll(async () => {
    fleet = await ServiceFleet.create(ENVIRONMENT);
    services = [];
    for (let n = 0; n < SIZE; n++) services.push(await fleet.start());
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  it(
    'fail no request and no task, and no stream misses or repeats an event',
    async () => {
      const replicas = new Replicas(services);
      const load = new RollingLoad(replicas);
      for (let n = 0; n < 3; n++) {
        load.unary();
        load.streams('lab', SHORT.chunks, SHORT.delayMs);
        for (let twice = 0; twice < 2; twice++) load.streams('lab-resumable', LONG.chunks, LONG.delayMs);
      }
      for (const old of services) {
        await sleep(1_000);
        const next = await fleet.start();
        await load.untilReadAt(old, 'lab-resumable');
        expect(await old.kill('SIGTERM')).toEqual({ code: 0, signal: null });
        replicas.replace(old, next);
      }
      await load.stop();

      expect(load.failures).toEqual([]);
      for (const count of Object.values(load.done)) expect(count).toBeGreaterThan(2 * SIZE);
      // Otherwise nothing was seen of the deploy.
      expect(replicas.passedOn.refused + replicas.passedOn.unavailable).toBeGreaterThan(0);
      expect(load.endedEarly).toBeGreaterThan(0);
      const client = labOf(replicas.next());
      const resumable = labOf(replicas.next(), 'lab-resumable');
      for (const witness of load.witnesses) {
        const log = await ReplayedLog.read(witness.asked.chunks === LONG.chunks ? resumable : client, witness.taskId!);
        expect(log.task.status.state).toBe('TASK_STATE_COMPLETED');
        expect(witness.lastSeq).toBe(log.lastSeq);
        witness.expectKept(log);
      }
    },
    LIMIT_MS,
  );
});
