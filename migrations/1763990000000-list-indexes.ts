import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each filter of a list has an index in the order of the list. */
const INDEXES = {
  a2a_task_state: '(tenant, owner, agent, state, status_at desc, task_id desc)',
  a2a_task_scope_context: '(tenant, owner, agent, context_id, status_at desc, task_id desc)',
};

/** Helps to estimate the number of a caller's tasks in a state: the columns depend on each other. */
const STATISTICS = `create statistics if not exists a2a_task_scope (mcv) on tenant, owner, agent, state from a2a_task`;

/**
 * Large tables are indexed concurrently with writes, which is not possible in a transaction. So each step can be repeated: what an
 * interrupted attempt left is dropped first.
 */
export class ListIndexes1763990000000 implements MigrationInterface {
  readonly name = 'ListIndexes1763990000000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`set statement_timeout = 0`);
    try {
      for (const [name, columns] of Object.entries(INDEXES)) {
        await runner.query(`drop index concurrently if exists ${name}`);
        await runner.query(`create index concurrently ${name} on a2a_task ${columns}`);
      }
      await runner.query(`drop index concurrently if exists a2a_task_context`);
      await runner.query(STATISTICS);
    } finally {
      await runner.query(`reset statement_timeout`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop statistics if exists a2a_task_scope`);
    await runner.query(
      `create index if not exists a2a_task_context on a2a_task (context_id, status_at desc, task_id desc)`,
    );
    for (const name of Object.keys(INDEXES)) await runner.query(`drop index if exists ${name}`);
  }
}
