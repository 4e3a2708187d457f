import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { AnswerLoss, type LossAt } from '../support/faults/answer-loss.js';
import { figures, sized } from '../support/faults/figures.js';
import { type Round, WholeProduct } from '../support/faults/whole-product.js';

const LIMIT_MS = 30 * 60_000;
/** Longer than a webhook's delivery is hidden from others when the answer to its taking was lost. */
const SETTLED_MS = 60_000;
/** `A2A_LOST_STATEMENT='set turn' npm test -- test/faults/lost-answers` loses only statements whose text has this in it. */
const ONLY = process.env.A2A_LOST_STATEMENT ?? '';
const LOSSES: readonly LossAt[] = sized(['behind'], ['before', 'behind']);
/** What the scenario must be made of: if one of these is not sent, it does not cover the product any more. */
const ESSENTIAL = {
  create: /insert into a2a_task/,
  append: /insert into a2a_event .* join ok/,
  'put into the inbox': /insert into a2a_inbox/,
  'claim of a turn': /set fence = \$2, turn = \$3, .*run_owner = \$7, not_before = null/,
  'next turn': /set turn = \$2, attempt = \$3/,
  release: /set run_owner = \$2 where/,
  'hand-back': /set fence = \$2, failures = \$3, run_owner = \$4, not_before/,
  'read of the queue': /with recursive kind/,
  'start of queued tasks': /set run_owner = \$1, not_before = null, fence = t\.fence/,
  takeover: /set fence = \$2, attempt = \$3, losses = \$4, run_owner = \$5/,
  'wish to cancel': /set cancel_requested_at/,
  'seizing of a task': /set fence = \$2, run_owner = \$3, not_before = null where/,
  'delivery that was made': /delete from a2a_outbox/,
  'delivery that is tried again': /a2a_outbox set attempts/,
  'delivery that is given up': /a2a_outbox set dead_at/,
  'disabling of a webhook': /a2a_push_config set disabled_at/,
  deletion: /^delete from a2a_task/,
  'job schedule': /update a2a_job/,
} as const;

const UNSETTLED = `
select (select count(*)::int from a2a_task where state not in ('completed', 'failed', 'canceled', 'rejected')) as tasks,
  (select count(*)::int from a2a_inbox) as messages,
  (select count(*)::int from a2a_outbox where dead_at is null) as deliveries,
  (select count(*)::int from a2a_task where agent = 'brief') as kept`;

const BROKEN_LOGS = `
select t.task_id, t.last_seq, e.events, e.newest from a2a_task t
cross join lateral (select count(*)::int as events, max(seq) as newest from a2a_event where task_id = t.task_id) e
where t.trimmed_seq = 0 and (e.events <> t.last_seq or e.newest <> t.last_seq)`;

const ROWS = `select task_id, state, turn, attempt, losses, failures from a2a_task where task_id = any($1::uuid[])`;

/** What each message led to: events that took it in, and whole artifacts. */
const ARTIFACTS = `
select data->'artifact'->>'artifactId' as id, count(*)::int as n from a2a_event
where task_id = any($1::uuid[]) and data->'artifact'->>'artifactId' = any($2::text[]) group by 1`;

const WEBHOOKS = `
select config_id, disabled_at is not null as disabled from a2a_push_config where task_id = any($1::uuid[]) order by config_id`;

describe('the connection to Postgres breaks at one statement', () => {
  const loss = new AnswerLoss();
  let database: TestDatabase;
  let sql: pg.Client;
  let product: WholeProduct;

  beforeAll(async () => {
    database = await createTestDatabase();
    sql = new pg.Client(database.url);
    loss.exempt(sql);
    await sql.connect();
    loss.install();
    product = await WholeProduct.start(database.url, sql);
  }, 120_000);
  afterAll(async () => {
    await product.stop();
    loss.uninstall();
    await sql.end();
    await database.drop();
  }, 120_000);

  /** Until nothing of the round is under way, or the time is over. */
  async function settled(): Promise<void> {
    const until = performance.now() + SETTLED_MS;
    const nothing = { tasks: 0, messages: 0, deliveries: 0, kept: 0 };
    for (;;) {
      const [left] = (await sql.query<typeof nothing>(UNSETTLED)).rows;
      if (left && Object.values(left).every((n) => n === 0)) return;
      if (performance.now() > until) expect(left).toEqual(nothing);
      await sleep(20);
    }
  }

  async function verify({ rows, handled, notified }: Round): Promise<void> {
    await settled();
    const ids = [...rows.keys()];
    const found = (await sql.query<{ task_id: string }>(ROWS, [ids])).rows;
    expect(found).toHaveLength(ids.length);
    for (const row of found) expect(row).toMatchObject(rows.get(row.task_id) ?? {});
    expect((await sql.query(BROKEN_LOGS)).rows).toEqual([]);
    const messages = [...handled.keys()];
    const artifacts = (await sql.query<{ id: string; n: number }>(ARTIFACTS, [ids, messages])).rows;
    expect(artifacts.map(({ id, n }) => [id, n]).sort()).toEqual(messages.map((id) => [id, 1]).sort());
    expect(messages.map((id) => [id, product.given.get(id)])).toEqual([...handled]);
    expect((await sql.query(WEBHOOKS, [ids])).rows).toEqual([
      { config_id: 'broken', disabled: true },
      { config_id: 'gone', disabled: true },
      { config_id: 'ok', disabled: false },
    ]);
    const told = product.receiver.at(notified).map(({ body }) => JSON.stringify(body));
    expect(told.some((body) => body.includes('TASK_STATE_COMPLETED'))).toBe(true);
    await sql.query(`delete from a2a_task where task_id = any($1::uuid[])`, [ids]);
  }

  it(
    'whichever that is: each message is handled once, nothing is forgotten, counters and logs are right',
    async () => {
      const names = new Set<string>();
      for (let n = 0; n < 2; n++) {
        loss.takeSeen();
        await verify(await product.round(() => loss.takeSeen()));
        for (const name of loss.takeSeen()) names.add(name);
      }
      const missing = Object.entries(ESSENTIAL).filter(([, pattern]) => ![...names].some((name) => pattern.test(name)));
      expect(missing.map(([what]) => what)).toEqual([]);

      let unmet = 0;
      const failures: unknown[] = [];
      for (const name of [...names].filter((one) => one.includes(ONLY))) {
        for (const at of LOSSES) {
          try {
            const round = await product.round(() => loss.arm(name, at));
            if (loss.disarm()) unmet++;
            await verify(round);
          } catch (error) {
            loss.disarm();
            failures.push(`Lost ${at}: ${name}: ${String(error)}`);
            await sql.query(`delete from a2a_task`);
          }
        }
      }
      expect(failures).toEqual([]);
      figures(
        `${names.size} statements, each lost ${LOSSES.join(' and ')} its commit; ${unmet} losses did not come about`,
      );
      expect(unmet).toBeLessThan(names.size * LOSSES.length * 0.3);
    },
    LIMIT_MS,
  );
});
