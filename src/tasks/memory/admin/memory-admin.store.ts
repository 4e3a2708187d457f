import type { DeliveryRows } from '../../core/delivery-rows.interface.js';
import { drop, redrive } from '../../core/delivery-rules.js';
import type { ReplicaRegistry } from '../../core/task-rows.interface.js';
import { MAX_ROWS, adminPage, adminPageSize, decodeCursor, listOf } from '../../admin/admin-cursor.js';
import type {
  AdminDeliveryRow,
  AdminFigures,
  AdminReplicaRow,
  AdminTask,
  AdminTaskRow,
  AdminWebhookRow,
} from '../../admin/admin-rows.js';
import type {
  AdminDeliveryFilter,
  AdminEvent,
  AdminPage,
  AdminPageQuery,
  AdminStore,
  AdminTaskFilter,
  AdminWebhookFilter,
} from '../../admin/admin-store.interface.js';
import { callTrace } from '../../admin/call-trace.js';
import { matches } from '../../admin/matches-filter.js';
import { replicaRows } from '../../admin/replica-rows.js';
import { searchReasons } from '../../admin/search-reasons.js';
import { isRowId, isTaskId } from '../../row-ids.js';
import type { EventPageLimits } from '../../task-store.interface.js';
import { eventsFrom, pageLength } from '../../stored/event-page.js';
import type { MemoryTables } from '../memory-tables.js';
import type { OutboxQueue } from '../outbox-queue.js';
import { memoryFigures } from './admin-figures.js';
import { deliveriesOf, toAdminTask, toAdminWebhook, toTracedTask } from './admin-rows.js';

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));

/** What operators read of this process's memory. Each page reads all rows, which `maxTasks` bounds. */
export class MemoryAdminStore implements AdminStore {
  constructor(
    private readonly tables: MemoryTables,
    private readonly registry: Pick<ReplicaRegistry, 'all'>,
    private readonly rows: Pick<DeliveryRows, 'change'>,
  ) {}

  async tasks(filter: AdminTaskFilter, page: AdminPageQuery = {}): Promise<AdminPage<AdminTaskRow>> {
    if (filter.reason) return searchReasons(filter, page, async (after, limit) => this.#newest(filter, after, limit));
    const list = listOf('tasks', filter);
    const size = adminPageSize(page);
    const [after] = decodeCursor(page, list, [isTaskId]) ?? [];
    return adminPage(this.#newest(filter, after, size + 1), size, list, ({ id }) => [id]);
  }

  async task(taskId: string): Promise<AdminTask | undefined> {
    const row = this.tables.find(taskId);
    return row && toTracedTask(row);
  }

  async events(taskId: string, afterSeq: number, limits?: EventPageLimits): Promise<readonly AdminEvent[] | undefined> {
    const row = this.tables.find(taskId);
    if (!row) return undefined;
    const after = Math.max(afterSeq, row.trimmedSeq);
    return eventsFrom(row, after + 1, pageLength(row, after, limits)).map((event) => {
      const { fence = 0, bytes = 0, at = 0, request } = row.log[event.seq - row.trimmedSeq - 1] ?? {};
      const { seq, kind } = event;
      return { seq, at: new Date(at).toISOString(), kind, fence, bytes, ...callTrace(request), event };
    });
  }

  async figures(): Promise<AdminFigures> {
    return memoryFigures(this.tables);
  }

  async replicas(): Promise<readonly AdminReplicaRow[]> {
    const runs = new Map<string, number>();
    for (const { runOwner = '' } of this.tables.running) runs.set(runOwner, (runs.get(runOwner) ?? 0) + 1);
    return replicaRows(await this.registry.all(), runs);
  }

  async webhooks(filter: AdminWebhookFilter, page: AdminPageQuery = {}): Promise<AdminPage<AdminWebhookRow>> {
    const list = listOf('webhooks', filter);
    const [task, time] = decodeCursor(page, list, [isTaskId, isTime]) ?? [];
    const rows = this.#queues(filter.taskId)
      .filter(
        ({ row, active }) => (filter.owner === undefined || row.owner === filter.owner) && !(filter.disabled && active),
      )
      .map(toAdminWebhook)
      .sort((a, b) => newestFirst([a.taskId, a.createdAt], [b.taskId, b.createdAt]))
      .filter((row) => !task || !time || newestFirst([row.taskId, row.createdAt], [task, time]) > 0);
    return adminPage(rows.slice(0, MAX_ROWS + 1), adminPageSize(page), list, (row) => [row.taskId, row.createdAt]);
  }

  async deliveries(filter: AdminDeliveryFilter, page: AdminPageQuery = {}): Promise<AdminPage<AdminDeliveryRow>> {
    const { id: only, taskId, configId, state } = filter;
    const list = listOf('deliveries', filter);
    const [after] = decodeCursor(page, list, [isRowId]) ?? [];
    const rows = this.#queues(taskId)
      .filter(({ config }) => configId === undefined || config.id === configId)
      .flatMap(deliveriesOf)
      .filter(({ id, deadAt }) => {
        const wanted = state === undefined || (state === 'dead') === (deadAt !== undefined);
        return wanted && (only === undefined || id === only) && (after === undefined || Number(id) < Number(after));
      })
      .sort((a, b) => Number(b.id) - Number(a.id));
    return adminPage(rows, adminPageSize(page), list, ({ id }) => [id]);
  }

  async redrive(deliveryId: string): Promise<boolean> {
    return (await this.rows.change([deliveryId], redrive))[0] ?? false;
  }

  async drop(deliveryId: string): Promise<boolean> {
    return (await this.rows.change([deliveryId], drop))[0] ?? false;
  }

  #newest(filter: AdminTaskFilter, after: string | undefined, limit: number): AdminTaskRow[] {
    return [...this.tables.all()]
      .filter((row) => (after === undefined || row.taskId < after) && matches(row, filter))
      .sort((a, b) => (a.taskId < b.taskId ? 1 : -1))
      .slice(0, limit)
      .map(toAdminTask);
  }

  #queues(taskId: string | undefined): OutboxQueue[] {
    const row = taskId === undefined ? undefined : this.tables.find(taskId);
    const rows = taskId === undefined ? [...this.tables.all()] : row ? [row] : [];
    return rows.flatMap(({ webhooks }) => webhooks);
  }
}

/** Compares pairs of task and time. */
function newestFirst([taskA, timeA]: readonly [string, string], [taskB, timeB]: readonly [string, string]): number {
  if (taskA !== taskB) return taskA < taskB ? 1 : -1;
  return timeA === timeB ? 0 : timeA < timeB ? 1 : -1;
}
