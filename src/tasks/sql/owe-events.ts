import type { SqlSession } from './sql-session.js';
import { insertRows, marks } from './statement-parts.js';

/** Events of one task that go to webhooks. */
export interface Owed {
  readonly taskId: string;
  readonly seqs: readonly number[];
}

/** Owes the events to the active configs of their tasks. The transaction holds the locks of the tasks' rows. */
export async function oweEvents(session: SqlSession, owed: readonly Owed[]): Promise<void> {
  const ids = owed.map(({ taskId }) => taskId);
  if (ids.length === 0) return;
  const active = `task_id in (${marks(ids.length)}) and disabled_at is null`;
  // Before the entries are inserted: a process that has just delivered the last entry waits here for them, or finds them.
  const due = `update a2a_push_config set due_at = coalesce(due_at, ${session.dialect.now}) where ${active}`;
  await session.run(due, ids);
  const configs = await session.query<{ task_id: string; config_key: string }>(
    `select task_id, config_key from a2a_push_config where ${active}`,
    ids,
  );
  const rows = owed.flatMap(({ taskId, seqs }) =>
    configs
      .filter((config) => config.task_id === taskId)
      .flatMap((config) => seqs.map((seq) => [taskId, seq, config.config_key, 0] as const)),
  );
  await insertRows(session, 'a2a_outbox', ['task_id', 'seq', 'config_key', 'attempts'], rows);
}
