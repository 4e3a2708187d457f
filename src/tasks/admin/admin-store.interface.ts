import type { TaskState } from '../../protocol/model/index.js';
import type { CommittedEvent } from '../committed-event.js';
import type { EventPageLimits } from '../task-store.interface.js';
import type {
  AdminDeliveryRow,
  AdminEventRow,
  AdminFigures,
  AdminReplicaRow,
  AdminTask,
  AdminTaskRow,
  AdminWebhookRow,
} from './admin-rows.js';

/** Injects the `AdminStore`; undefined where the storage has none. */
export const ADMIN_STORE = Symbol('AdminStore');

/** Counts of `figures` go no further than this. */
export const COUNT_LIMIT = 100_000;

/** A search by reason reads at most this many tasks. */
export const SEARCHED_TASKS = 10_000;

/** The counts of deliveries that are owed to one webhook, and of its dead letters, go no further than this. */
export const OWED_LIMIT = 1_000;

/** Which tasks. All that is given must hold. */
export interface AdminTaskFilter {
  readonly agent?: string;
  readonly owner?: string;
  readonly tenant?: string;
  readonly contextId?: string;
  readonly states?: readonly TaskState[];
  /**
   * Created at or after, and before, in ms since the epoch. A task is found by the time in its id too: one whose id was made by a
   * clock that differs from the storage's by more than a minute may be missed.
   */
  readonly from?: number;
  readonly to?: number;
  /** Only queued tasks, or only those that some replica runs. */
  readonly queued?: true;
  readonly runOwner?: string;
  /** A part of `AdminTaskRow.reason`, in any case. Only the newest SEARCHED_TASKS that match the rest of the filter are read. */
  readonly reason?: string;
}

/** Of each list: 1 … 200 rows, default 50. `cursor` is `next` of the page before. */
export interface AdminPageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** `next` is absent on the last page. On Redis a page may have fewer rows than asked for, or none, and still a `next`. */
export interface AdminPage<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

/** Which webhooks. */
export interface AdminWebhookFilter {
  readonly taskId?: string;
  readonly owner?: string;
  readonly disabled?: true;
}

/** Which deliveries: those that are owed, dead letters, or both. All that is given must hold. */
export interface AdminDeliveryFilter {
  readonly id?: string;
  readonly taskId?: string;
  readonly configId?: string;
  readonly state?: 'owed' | 'dead';
}

/** An event of the log together with when and by which run it was written. */
export interface AdminEvent extends AdminEventRow {
  readonly event: CommittedEvent;
}

/**
 * What operators read: the rows of all owners and tenants. No client may reach it; a caller must have checked that the caller is
 * an operator. Throws A2AError UNAVAILABLE while the storage cannot be reached, INVALID_PARAMS on an invalid cursor.
 */
export interface AdminStore {
  /** Newest first, by the task id. */
  tasks(filter: AdminTaskFilter, page?: AdminPageQuery): Promise<AdminPage<AdminTaskRow>>;
  task(taskId: string): Promise<AdminTask | undefined>;
  /**
   * Events afterSeq+1 … in order, without a gap. undefined: no such task. Of a trimmed log: the events after `trimmedSeq`, so the
   * first one may have a greater seq.
   */
  events(taskId: string, afterSeq: number, limits?: EventPageLimits): Promise<readonly AdminEvent[] | undefined>;
  /** Bounded by COUNT_LIMIT; concurrent calls share one answer. */
  figures(): Promise<AdminFigures>;
  /** The processes whose lease runs. */
  replicas(): Promise<readonly AdminReplicaRow[]>;
  /** Those of the newest task first; of one task, the newest first. */
  webhooks(filter: AdminWebhookFilter, page?: AdminPageQuery): Promise<AdminPage<AdminWebhookRow>>;
  /** Newest first. */
  deliveries(filter: AdminDeliveryFilter, page?: AdminPageQuery): Promise<AdminPage<AdminDeliveryRow>>;
  /**
   * The dead letter is owed again, at once, with no attempts, in its place among what is owed to its webhook, which is enabled if
   * it was disabled. Idempotent: true also if it is owed already, and then nothing changes. False: there is no such delivery.
   */
  redrive(deliveryId: string): Promise<boolean>;
  /** Deletes a dead letter. False: there is none. */
  drop(deliveryId: string): Promise<boolean>;
}
