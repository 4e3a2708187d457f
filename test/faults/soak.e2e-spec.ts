import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { figures, sized } from '../support/faults/figures.js';
import { ReplicaFleet } from '../support/faults/replica.fleet.js';
import { Witness } from '../support/faults/witness.js';
import { SeededRandom } from '../support/seeded-random.js';
import { Nemesis } from '../support/soak/nemesis.js';
import { SoakClients } from '../support/soak/soak.clients.js';
import { WebhookReceiver } from '../support/webhook.receiver.js';

/** `npm run test:soak`: 15. */
const MINUTES = Number(process.env.A2A_SOAK_MINUTES ?? sized(0.25, 1));
const SEED = Number(process.env.A2A_SOAK_SEED ?? randomInt(2 ** 31));
const START_LIMIT_MS = 120_000;
/** For what is under way to end, once nothing is harmed any more. */
const SETTLED_LIMIT_MS = 120_000;
const LIMIT_MS = MINUTES * 60_000 * 2 + SETTLED_LIMIT_MS + START_LIMIT_MS;
/** Of a pool, the listener and the lease of each replica, and some that are about to end. */
const MOST_BACKENDS = 3 * 20;

const UNSETTLED = `
select (select count(*)::int from a2a_task where state not in ('completed', 'failed', 'canceled', 'rejected')) as tasks,
  (select count(*)::int from a2a_inbox) as messages,
  (select count(*)::int from a2a_outbox where dead_at is null) as deliveries`;

const BROKEN_LOGS = `
select t.task_id, t.last_seq, e.events, e.newest from a2a_task t
cross join lateral (select count(*)::int as events, max(seq) as newest from a2a_event where task_id = t.task_id) e
where t.trimmed_seq = 0 and (e.events <> t.last_seq or e.newest <> t.last_seq)`;

const RESUMABLE_LOST = `select task_id, state, attempt, crashes from a2a_task where agent = 'lab-resumable' and state <> 'completed'`;

const LONG_TRANSACTIONS = `
select pid, state, now() - xact_start as age, left(query, 200) as query from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and xact_start < now() - interval '30 s'`;

describe(`three replicas under load for ${MINUTES} minutes (A2A_SOAK_SEED=${SEED})`, () => {
  let fleet: ReplicaFleet;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const env = { A2A_PUSH_ALLOWED_HOSTS: '127.0.0.0/8', A2A_PUSH_TIMEOUT_MS: '5000' };
    fleet = await ReplicaFleet.start({ replicas: 3, env: () => env });
  }, START_LIMIT_MS);
  afterAll(async () => {
    await fleet.remove();
    await receiver.stop();
  }, START_LIMIT_MS);

  /** Until nothing is under way. */
  async function settled(): Promise<void> {
    const nothing = { tasks: 0, messages: 0, deliveries: 0 };
    for (const end = performance.now() + SETTLED_LIMIT_MS; ; await sleep(200)) {
      const [left] = await fleet.query<typeof nothing>(UNSETTLED);
      if (left && Object.values(left).every((n) => n === 0)) return;
      if (performance.now() > end) expect(left).toEqual(nothing);
    }
  }

  it(
    'that are killed, stopped, cut off and lied to lose, double and forget nothing, and none ends by itself',
    async () => {
      const nemesis = new Nemesis(fleet, new SeededRandom(SEED));
      const witness = new Witness(fleet);
      const clients = new SoakClients(fleet, witness, receiver);
      for (let n = 0; n < 3; n++) clients.streams('lab');
      for (let n = 0; n < 5; n++) clients.streams('lab-resumable');
      for (const agent of ['lab', 'lab-resumable'] as const) clients.followUps(agent);
      for (let n = 0; n < 2; n++) clients.sends();
      clients.cancels();
      clients.notified();

      await nemesis.run(MINUTES * 60_000);
      await clients.stop();
      expect(nemesis.faults).toEqual([]);
      expect(clients.failures).toEqual([]);
      await settled();
      const verdict = await witness.verify();
      await clients.verify();
      expect(await fleet.query(BROKEN_LOGS)).toEqual([]);
      expect(await fleet.query(RESUMABLE_LOST)).toEqual([]);
      expect(await fleet.query(LONG_TRANSACTIONS)).toEqual([]);
      const [backends] = await fleet.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = current_database()`,
      );
      nemesis.rest();

      const harms = Object.entries(nemesis.done).map(([name, times]) => `${times} × ${name}`);
      figures(`${harms.join(', ')}; ${backends?.n} backends at the end`);
      figures(`${JSON.stringify(clients.done)}; ${JSON.stringify(verdict)}`);
      expect(backends?.n).toBeLessThan(MOST_BACKENDS);
      for (const count of Object.values(clients.done)) expect(count).toBeGreaterThan(0);
      // What ends otherwise than completed was lost with its process.
      expect(Object.keys(verdict.failed).filter((reason) => reason !== 'RUN_LOST')).toEqual([]);
    },
    LIMIT_MS,
  );
});
