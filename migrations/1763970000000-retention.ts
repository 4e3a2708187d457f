import type { MigrationInterface, QueryRunner } from 'typeorm';

const RESTED_AT = `coalesce(rested_at, status_at)`;
const TERMINAL = `state in ('completed', 'failed', 'canceled', 'rejected')`;

/**
 * When a task ended or began to wait for its client, by the database's clock; for rows of an older version the time of their
 * status is used instead. No index has a column that changes with every append. Each job is done by one process at a time.
 */
const UP = [
  `alter table a2a_task add column rested_at timestamptz(3)`,
  `alter table a2a_task add column keeps_log boolean not null default false`,
  `create index a2a_task_rest on a2a_task (agent, state, (${RESTED_AT}))
   where state in ('completed', 'failed', 'canceled', 'rejected', 'input-required', 'auth-required')`,
  `create index a2a_task_untrimmed on a2a_task (agent, state, (${RESTED_AT}))
   where ${TERMINAL} and trimmed_seq = 0 and not keeps_log`,
  `create table a2a_job (
     name text not null,
     due_at timestamptz not null,
     constraint a2a_job_pkey primary key (name)
   )`,
];

const DOWN = [
  `drop table a2a_job`,
  `drop index a2a_task_untrimmed`,
  `drop index a2a_task_rest`,
  `alter table a2a_task drop column keeps_log`,
  `alter table a2a_task drop column rested_at`,
];

export class Retention1763970000000 implements MigrationInterface {
  readonly name = 'Retention1763970000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
