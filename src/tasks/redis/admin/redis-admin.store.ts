import { SharedCall } from '../../../common/shared-call.js';
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
import { withTraces } from '../../admin/call-trace.js';
import { replicaRows } from '../../admin/replica-rows.js';
import type { DeliveryRows } from '../../core/delivery-rows.interface.js';
import { drop, redrive } from '../../core/delivery-rules.js';
import type { ReplicaRegistry } from '../../core/task-rows.interface.js';
import { isTaskId } from '../../row-ids.js';
import type { EventPageLimits } from '../../task-store.interface.js';
import type { RedisConnection } from '../redis-connection.js';
import { ANY_TASK, RUNS_OF } from '../scripts/admin.scripts.js';
import type { RowReply } from '../task-row.js';
import { adminDeliveries } from './admin-deliveries.js';
import { adminEvents } from './admin-events.js';
import { adminFigures } from './admin-figures.js';
import { adminTasks } from './admin-tasks.js';
import { adminWebhooks } from './admin-webhooks.js';
import { NewestTasks, toAdminTask } from './newest-tasks.js';

type TracedReply = [row: RowReply, begun: [seq: number, requestLength: number, endOfEntry: string][]];

/**
 * What operators read in Redis, which has no index for most of their filters: lists read the newest tasks one by one, up to
 * READ_TASKS for each page.
 */
export class RedisAdminStore implements AdminStore {
  readonly #newest: NewestTasks;
  readonly #figures: SharedCall<AdminFigures>;

  constructor(
    private readonly connection: RedisConnection,
    private readonly registry: Pick<ReplicaRegistry, 'all'>,
    private readonly deliveryRows: Pick<DeliveryRows, 'change'>,
  ) {
    this.#newest = new NewestTasks(connection);
    this.#figures = new SharedCall(() => adminFigures(connection, this.#newest));
  }

  tasks(filter: AdminTaskFilter, page?: AdminPageQuery): Promise<AdminPage<AdminTaskRow>> {
    return adminTasks(this.#newest, filter, page);
  }

  async task(taskId: string): Promise<AdminTask | undefined> {
    const found = isTaskId(taskId) ? await this.connection.run<TracedReply | null>(ANY_TASK, taskId) : null;
    if (!found) return undefined;
    const [row, begun] = found;
    const events = begun.map(([seq, length, end]) => ({ seq, request: end.slice(-length) }));
    return withTraces(toAdminTask(row), events);
  }

  events(taskId: string, afterSeq: number, limits?: EventPageLimits): Promise<readonly AdminEvent[] | undefined> {
    return adminEvents(this.connection, taskId, afterSeq, limits);
  }

  figures(): Promise<AdminFigures> {
    return this.#figures.call();
  }

  async replicas(): Promise<readonly AdminReplicaRow[]> {
    const replicas = await this.registry.all();
    if (replicas.length === 0) return [];
    const runs = await this.connection.run<number[]>(RUNS_OF, ...replicas.map(({ id }) => id));
    return replicaRows(replicas, new Map(replicas.map(({ id }, index) => [id, runs[index] ?? 0])));
  }

  webhooks(filter: AdminWebhookFilter, page?: AdminPageQuery): Promise<AdminPage<AdminWebhookRow>> {
    return adminWebhooks(this.connection, this.#newest, filter, page);
  }

  deliveries(filter: AdminDeliveryFilter, page?: AdminPageQuery): Promise<AdminPage<AdminDeliveryRow>> {
    return adminDeliveries(this.connection, this.#newest, filter, page);
  }

  async redrive(deliveryId: string): Promise<boolean> {
    return (await this.deliveryRows.change([deliveryId], redrive))[0] ?? false;
  }

  async drop(deliveryId: string): Promise<boolean> {
    return (await this.deliveryRows.change([deliveryId], drop))[0] ?? false;
  }
}
