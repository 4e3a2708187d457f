import type { DueDelivery } from '../../outbox.interface.js';
import type { SqlTime } from './task-row.js';

export interface DueRow {
  task_id: string;
  config_key: string;
  due_at: SqlTime;
  host: string;
  owner: string;
}

/** A config with a delivery that is due. */
export interface DueConfig extends DueDelivery {
  readonly taskId: string;
  readonly key: string;
}

export const toDue = (row: DueRow): DueConfig => ({
  owner: row.owner,
  host: row.host,
  dueAt: Number(row.due_at),
  taskId: row.task_id,
  key: row.config_key,
});
