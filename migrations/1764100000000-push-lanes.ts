import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The owner and the host of a delivery, in the row that holds its due time: a scan can pass over everything that one owner or one
 * host is owed without reading it. Rows of a version that does not know the columns have '' there.
 */
const UP = [
  `alter table a2a_push_queue add column owner text not null default '', add column host text not null default ''`,
  `insert into a2a_push_queue (task_id, config_id, owed_seq)
   select task_id, config_id, 0 from a2a_push_config on conflict do nothing`,
  `update a2a_push_queue q
   set owner = c.owner, host = coalesce(lower(substring(c.url, '^[a-zA-Z]+://([^/?#]*)')), '')
   from a2a_push_config c where c.task_id = q.task_id and c.config_id = q.config_id`,
  `create index a2a_push_queue_lane on a2a_push_queue (owner, host, due_at) where due_at is not null`,
];

const DOWN = [`drop index a2a_push_queue_lane`, `alter table a2a_push_queue drop column owner, drop column host`];

export class PushLanes1764100000000 implements MigrationInterface {
  readonly name = 'PushLanes1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
