import type { AdminTask, AdminTaskRow } from '../../../admin/admin-rows.js';
import { withTraces } from '../../../admin/call-trace.js';
import { type SqlTaskRow, type SqlTime, TASK_COLUMN_NAMES, timeOf, toHead } from '../task-row.js';

/** Columns of a2a_task, aliased `t`. */
export const ADMIN_TASK_COLUMNS = `${TASK_COLUMN_NAMES}, t.created_at, t.not_before, t.webhooks, t.reason`;

export interface SqlAdminTaskRow extends SqlTaskRow {
  created_at: SqlTime;
  not_before: SqlTime | null;
  webhooks: number;
  reason: string | null;
}

/** With the requests of the events that began its first and its present turn. */
export interface SqlTracedTaskRow extends SqlAdminTaskRow {
  begun_seq: number;
  first_request: string | null;
  begun_request: string | null;
}

export function toTracedTask(row: SqlTracedTaskRow): AdminTask {
  const first = { seq: 1, request: row.first_request };
  const begun = { seq: row.begun_seq, request: row.begun_request };
  return withTraces(toAdminTask(row), begun.seq === first.seq ? [first] : [first, begun]);
}

export function toAdminTask(row: SqlAdminTaskRow): AdminTaskRow {
  const { taskId, ...head } = toHead(row);
  return {
    id: taskId,
    ...head,
    createdAt: timeOf(row.created_at),
    crashes: row.crashes,
    failures: row.failures,
    ...(row.not_before !== null && { notBefore: timeOf(row.not_before) }),
    webhooks: row.webhooks,
    ...(row.reason !== null && { reason: row.reason }),
  };
}
