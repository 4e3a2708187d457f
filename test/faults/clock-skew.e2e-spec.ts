import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { Task } from '../../src/protocol/model/index.js';
import { TOLERANCE_MS } from '../../src/tasks/status-clock.js';
import { figures, sized, spread } from '../support/faults/figures.js';
import { type Replica, ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';
import { textMessage } from '../support/rpc.client.js';
import { createTestDatabase } from '../support/test-database.js';

const HOUR_MS = 3_600_000;
/** Of each replica. */
const SKEWS = [HOUR_MS, 0, -HOUR_MS];
const TASKS = sized(9, 60);
/** Nobody loses one, also on a slow machine. */
const LEASE_MS = 6_000;
/** They outlast all that is done before a kill: the second one three leases as well. */
const LONG_STREAM = { chunks: sized(1_000, 1_500), bytes: 64, delayMs: sized(25, 50) };
const LONGER_STREAM = { ...LONG_STREAM, delayMs: sized(33, 50) };
const UNDER_WAY = 10;
const LIMIT_MS = 240_000;
const MINUTE_MS = 60_000;

const CLOCK = pathToFileURL(path.join(import.meta.dirname, '..', 'support', 'faults', 'skewed-clock.mjs')).href;

describe('replicas whose clocks are an hour fast, right, and an hour slow', () => {
  let fleet: ReplicaFleet;
  beforeEach(async () => {
    const env = (replica: number) => ({
      NODE_OPTIONS: `--import=${CLOCK}`,
      SKEW_MS: String(SKEWS[replica]),
      A2A_LEASE_MS: String(LEASE_MS),
    });
    fleet = await ReplicaFleet.start({ replicas: SKEWS.length, env });
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  it(
    'take nothing from each other, take over what one leaves, and know the same messages',
    async () => {
      const witness = new Witness(fleet);
      const watch = (index: number) =>
        witness.watch({
          agent: 'lab-resumable',
          stream: LONG_STREAM,
          at: index % SKEWS.length,
          readers: SKEWS.map((_, at) => ({ at, fromSnapshot: at === 1 })),
        });
      await Promise.all(Array.from({ length: TASKS }, (_, index) => watch(index)));
      await witness.underWay(UNDER_WAY);
      const message = textMessage('echo once');
      const answers = await Promise.all(
        fleet.replicas.map((replica) => replica.lab().result<{ task: Task }>('SendMessage', { message })),
      );
      expect(new Set(answers.map(({ task }) => task.id)).size).toBe(1);
      expect(await witness.takeovers()).toEqual([]);

      const killed = performance.now();
      const left = await witness.kill(0);
      await witness.done(LIMIT_MS / 2);

      const verdict = await witness.verify();
      const takeovers = await witness.takeovers();
      figures(
        `Clocks of replicas off by +1 h, 0 and -1 h: ${verdict.events} events, ${verdict.reconnects} reconnects; nothing taken over before a kill, ` +
          `then the tasks of the killed one after ${spread(takeovers.map(({ at }) => at - killed))}`,
      );
      expect(left).not.toEqual([]);
      expect(takeovers.map(({ task }) => task.id).toSorted()).toEqual(left.toSorted());
      expect(verdict).toMatchObject({ completed: TASKS, failed: {} });
      for (const { service } of fleet.usable) expect(service.log).not.toContain('The lease of this process is over');
    },
    LIMIT_MS,
  );

  it(
    'give tasks times that can be compared',
    async () => {
      // What a slow machine could not compare at the start is compared a minute later.
      const skewed = fleet.replicas.filter(({ number }) => SKEWS[number] !== 0);
      const hasSaid = ({ service }: Replica): boolean => service.log.includes('The clock of this process is');
      while (!skewed.every(hasSaid)) await sleep(100);
      const ids: string[] = [];
      for (const replica of [2, 0, 1, 0, 2]) {
        const message = textMessage('echo now');
        const { task } = await fleet.at(replica).lab().result<{ task: Task }>('SendMessage', { message });
        ids.unshift(task.id);
        const off = Date.parse(task.status.timestamp ?? '') - Date.now();
        expect(Math.abs(off)).toBeLessThan(MINUTE_MS);
        // Clocks of two replicas agree to within the tolerance, not better.
        await sleep(TOLERANCE_MS);
      }
      for (const replica of fleet.replicas) {
        const { tasks } = await replica.lab().result<{ tasks: Task[] }>('ListTasks', {});
        expect(tasks.map(({ id }) => id)).toEqual(ids);
      }
    },
    LIMIT_MS,
  );
});

/** `now()` of the database, which a table can set. */
const SETTABLE_CLOCK = `
create table clock_step (step interval not null);
insert into clock_step values ('0');
create function now() returns timestamptz language sql stable
  as $$ select pg_catalog.now() + (select step from public.clock_step) $$;`;

describe('replicas on a database whose clock is set', () => {
  let fleet: ReplicaFleet;
  beforeEach(async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(SETTABLE_CLOCK);
    const name = client.escapeIdentifier(client.database ?? '');
    // Ours goes first in sessions that are begun from here on.
    await client.query(`alter database ${name} set search_path = public, pg_catalog`);
    await client.end();
    fleet = await ReplicaFleet.start({ replicas: 2, database, env: () => ({ A2A_LEASE_MS: String(LEASE_MS) }) });
  }, LIMIT_MS);
  afterEach(() => fleet.remove(), LIMIT_MS);

  it(
    'keep their runs, and take over what one leaves',
    async () => {
      const witness = new Witness(fleet);
      const watch = (index: number) =>
        witness.watch({ agent: 'lab-resumable', stream: LONGER_STREAM, at: index % 2, readers: [{ at: 1 }] });
      await Promise.all(Array.from({ length: TASKS }, (_, index) => watch(index)));
      await witness.underWay(UNDER_WAY);
      for (const step of ['1 hour', '-1 hour', '3 days']) {
        await fleet.query(`update clock_step set step = '${step}'`);
        const [row] = await fleet.query<{ ahead: number }>(
          `select extract(epoch from public.now() - clock_timestamp())::float8 as ahead`,
        );
        expect(Math.abs(row?.ahead ?? 0)).toBeGreaterThan(3_000);
        await sleep(LEASE_MS + 1_000);
      }
      expect(await witness.takeovers()).toEqual([]);
      for (const { service } of fleet.replicas) expect(service.log).not.toContain('The lease of this process is over');

      const killed = performance.now();
      const left = await witness.kill(0);
      await witness.done(LIMIT_MS / 2);
      const takeovers = await witness.takeovers();
      const verdict = await witness.verify();
      figures(
        `The database's clock set by +1 h, -1 h, +3 d: ${verdict.events} events, nothing taken over; ` +
          `then the tasks of a killed replica after ${spread(takeovers.map(({ at }) => at - killed))}`,
      );
      expect(left).not.toEqual([]);
      expect(takeovers.map(({ task }) => task.id).toSorted()).toEqual(left.toSorted());
      expect(verdict).toMatchObject({ completed: TASKS, failed: {} });
    },
    LIMIT_MS,
  );
});
