import { activeKeys } from './patch-webhooks.js';
import { insertRows } from './insert-rows.js';
import { NOW, sql } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';

/** Events of one task that go to its active configs. */
export interface Owed {
  readonly taskId: string;
  readonly seqs: readonly number[];
  /** The active configs, as the row of the task lists them. */
  readonly configs: string | null;
}

/** Owes the events to the configs. The transaction holds the locks of the tasks' rows. */
export async function oweEvents(session: SqlSession, owed: readonly Owed[]): Promise<void> {
  const each = owed.flatMap(({ taskId, seqs, configs }) =>
    activeKeys(configs).map((key) => ({ taskId, key, seqs, last: seqs.at(-1) ?? 0 })),
  );
  const rows = each.flatMap(({ taskId, key, seqs }) => seqs.map((seq) => [taskId, seq, key, 0]));
  await insertRows(session, 'a2a_outbox', ['task_id', 'seq', 'config_key', 'attempts'], rows);
  for (const { taskId, key, last } of each) {
    await session.run(sql`
      update a2a_push_queue set owed_seq = ${last}, due_at = coalesce(due_at, ${NOW})
      where task_id = ${taskId} and config_key = ${key}`);
  }
}
