import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The number of webhooks of an owner's tasks that have not ended. */
export class SqlWebhookCounts1764430000000 implements MigrationInterface {
  readonly name = 'SqlWebhookCounts1764430000000';

  /** MySQL commits the statement separately, before the migration is recorded as run. */
  async up(runner: QueryRunner): Promise<void> {
    if (isMysql(runner) && (await runner.query(INDEXED)).length > 0) return;
    const unless = isMysql(runner) ? '' : 'if not exists ';
    await runner.query(`create index ${unless}a2a_task_webhooks on a2a_task (owner_key, state, webhooks)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index a2a_task_webhooks${isMysql(runner) ? ' on a2a_task' : ''}`);
  }
}

const INDEXED = `
select 1 from information_schema.statistics
where table_schema = database() and table_name = 'a2a_task' and index_name = 'a2a_task_webhooks'`;

const isMysql = (runner: QueryRunner): boolean => ['mysql', 'mariadb'].includes(runner.dataSource.options.type);
