import type { AdminTaskRow } from '../../../admin/admin-rows.js';
import { type SqlTaskRow, type SqlTime, TASK_COLUMN_NAMES, timeOf, toHead } from '../task-row.js';

/** Columns of a2a_task, aliased `t`. */
export const ADMIN_TASK_COLUMNS = `${TASK_COLUMN_NAMES}, t.created_at, t.not_before, t.webhooks, t.reason`;

export interface SqlAdminTaskRow extends SqlTaskRow {
  created_at: SqlTime;
  not_before: SqlTime | null;
  webhooks: number;
  reason: string | null;
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
