import type {
  AdminDeliveryRow,
  AdminFigures,
  AdminReplicaRow,
  AdminTask,
  AdminTaskRow,
  AdminWebhookRow,
} from '../../../admin/admin-rows.js';
import {
  type AdminDeliveryFilter,
  type AdminEvent,
  type AdminPage,
  type AdminPageQuery,
  type AdminStore,
  type AdminTaskFilter,
  type AdminWebhookFilter,
  COUNT_LIMIT,
} from '../../../admin/admin-store.interface.js';
import { replicaRows } from '../../../admin/replica-rows.js';
import { SharedCall } from '../../../../common/shared-call.js';
import type { ReplicaRegistry } from '../../../core/task-rows.interface.js';
import type { EventPageLimits } from '../../../task-store.interface.js';
import { sql } from '../sql.js';
import type { SqlDatabase } from '../sql-database.interface.js';
import { adminDeliveries } from './admin-deliveries.js';
import { adminEvents } from './admin-events.js';
import { adminFigures } from './admin-figures.js';
import { SqlAdminTasks } from './admin-tasks.js';
import { adminWebhooks } from './admin-webhooks.js';
import { dropDead, redrive } from './redrive.js';

/** What operators read in a SQL database. */
export class SqlAdminStore implements AdminStore {
  readonly #tasks: SqlAdminTasks;
  readonly #figures: SharedCall<AdminFigures>;

  constructor(
    private readonly db: SqlDatabase,
    private readonly registry: Pick<ReplicaRegistry, 'all'>,
  ) {
    this.#tasks = new SqlAdminTasks(db);
    this.#figures = new SharedCall(() => adminFigures(db));
  }

  tasks(filter: AdminTaskFilter, page?: AdminPageQuery): Promise<AdminPage<AdminTaskRow>> {
    return this.#tasks.page(filter, page);
  }

  task(taskId: string): Promise<AdminTask | undefined> {
    return this.#tasks.task(taskId);
  }

  events(taskId: string, afterSeq: number, limits?: EventPageLimits): Promise<readonly AdminEvent[] | undefined> {
    return adminEvents(this.db, taskId, afterSeq, limits);
  }

  figures(): Promise<AdminFigures> {
    return this.#figures.call();
  }

  async replicas(): Promise<readonly AdminReplicaRow[]> {
    const runs = await this.db.query<{ run_owner: string; n: number }>(sql`
      select owned.run_owner, count(*) as n from (
        select t.run_owner from a2a_task t where t.run_owner is not null limit ${COUNT_LIMIT}
      ) owned group by owned.run_owner`);
    return replicaRows(await this.registry.all(), new Map(runs.map((row) => [row.run_owner, Number(row.n)])));
  }

  webhooks(filter: AdminWebhookFilter, page?: AdminPageQuery): Promise<AdminPage<AdminWebhookRow>> {
    return adminWebhooks(this.db, filter, page);
  }

  deliveries(filter: AdminDeliveryFilter, page?: AdminPageQuery): Promise<AdminPage<AdminDeliveryRow>> {
    return adminDeliveries(this.db, filter, page);
  }

  redrive(deliveryId: string): Promise<boolean> {
    return redrive(this.db, deliveryId);
  }

  drop(deliveryId: string): Promise<boolean> {
    return dropDead(this.db, deliveryId);
  }
}
