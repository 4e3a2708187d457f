import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each filter of a list has an index that holds its order. */
const INDEXES = {
  a2a_task_state: '(tenant, owner, agent, state, status_at desc, task_id desc)',
  a2a_task_scope_context: '(tenant, owner, agent, context_id, status_at desc, task_id desc)',
};

/** By which the number of a caller's tasks in a state is estimated: the columns depend on each other. */
const STATISTICS = `create statistics if not exists a2a_task_scope (mcv) on tenant, owner, agent, state from a2a_task`;

/**
 * Large tables are indexed while others write, which takes no transaction around it. So each step can be repeated: what an
 * attempt left that was broken off is dropped first.
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
