import type { AdminEvent } from '../../../admin/admin-store.interface.js';
import { callTrace } from '../../../admin/call-trace.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../../../event-row.js';
import { isTaskId } from '../../../row-ids.js';
import type { EventPageLimits } from '../../../task-store.interface.js';
import { DEFAULT_BYTES, DEFAULT_LIMIT } from '../event-pages.js';
import { sql } from '../sql.js';
import type { SqlDatabase } from '../sql-database.interface.js';
import { sizedStretch } from '../task-reader.js';
import { type SqlTime, timeOf } from '../task-row.js';

const COLUMNS = `${EVENT_COLUMNS}, e.fence, e.bytes, e.at, e.request`;

interface AdminEventRow extends EventRow {
  fence: number;
  bytes: number;
  at: SqlTime | null;
  request: string | null;
}

interface LogRow {
  context_id: string;
  last_seq: number;
  trimmed_seq: number;
}

/** A page of a task's log. What is kept of a trimmed log for webhooks does not count. */
export async function adminEvents(
  db: SqlDatabase,
  taskId: string,
  afterSeq: number,
  { limit = DEFAULT_LIMIT, maxBytes = DEFAULT_BYTES }: EventPageLimits = {},
): Promise<AdminEvent[] | undefined> {
  if (!isTaskId(taskId)) return undefined;
  const [task] = await db.query<LogRow>(
    sql`select t.context_id, t.last_seq, t.trimmed_seq from a2a_task t where t.task_id = ${taskId}`,
  );
  if (!task) return undefined;
  const after = Math.max(afterSeq, task.trimmed_seq);
  if (after >= task.last_seq) return [];
  const range = { taskId, after, upTo: task.last_seq, limit: Math.max(limit, 1), maxBytes: Math.max(maxBytes, 1) };
  const rows = await db.query<AdminEventRow>(sizedStretch(range, COLUMNS));
  // The log may have been trimmed between the statements.
  const whole = rows.filter(({ seq }, index) => seq === after + 1 + index);
  return whole.map((row) => {
    const event = toEvent({ taskId, contextId: task.context_id }, row);
    const { seq, kind } = event;
    const { fence, bytes, at, request } = row;
    return { seq, kind, fence, bytes, ...(at !== null && { at: timeOf(at) }), ...callTrace(request), event };
  });
}
