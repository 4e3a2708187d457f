// What the admin API answers, as JSON. The console reads these types; they import nothing of Nest.
import type { AdminEventRow, AdminFigures, AdminReplicaRow } from '../tasks/admin/admin-rows.js';

export type {
  AdminCallTrace,
  AdminDeliveryRow,
  AdminEventRow,
  AdminFigures,
  AdminMinute,
  AdminReplicaRow,
  AdminTask,
  AdminTaskRow,
  AdminTrace,
  AdminWebhookRow,
} from '../tasks/admin/admin-rows.js';
export type { DeliveryAttempt } from '../tasks/admin/delivery-attempt.js';

/** `GET /overview` */
export interface AdminOverview extends AdminFigures {
  readonly at: string;
  readonly version: string;
  /** Name of the storage: 'postgres'. */
  readonly storage: string;
  /** The replica that answers. */
  readonly replica: string;
  readonly draining: boolean;
  readonly replicas: readonly AdminReplicaRow[];
  readonly health: readonly AdminHealth[];
}

/** One check of health. */
export interface AdminHealth {
  readonly name: string;
  readonly up: boolean;
  readonly message?: string;
}

/** Every list: `GET /tasks`, `/queue`, `/runs`, `/replicas`, `/webhooks`, `/deliveries`, `/agents`, and the events of a task. */
export interface AdminList<Row> {
  readonly rows: readonly Row[];
  /** For `?cursor=`, and for `?after=` of events; absent on the last page. */
  readonly next?: string;
}

/** `GET /tasks/{id}/events?after=0&limit=256`, and each frame of `GET /tasks/{id}/events/stream` */
export interface AdminEventJson extends AdminEventRow {
  /** The event as a v1.0 StreamResponse: `{task}`, `{statusUpdate}` or `{artifactUpdate}`. */
  readonly event: unknown;
}

/** `GET /tasks/{id}/events/{seq}` */
export interface AdminFrames extends AdminEventRow {
  /** The result of its frame in each protocol version. */
  readonly frames: { readonly '1.0': unknown; readonly '0.3': unknown };
}

/** `GET /agents` */
export interface AdminAgent {
  readonly id: string;
  readonly default: boolean;
  /** v1.0 and v0.3, as clients get them. */
  readonly cards: { readonly '1.0': unknown; readonly '0.3': unknown };
  readonly signed: boolean;
  readonly problems: readonly string[];
  /** Path of its JSON-RPC endpoint on the main listener. */
  readonly path: string;
  readonly replies: 'task' | 'message' | 'either';
  readonly resumable: boolean;
  /** undefined: the default of the module. */
  readonly limits: Readonly<Record<string, number>>;
}

/** A frame of `GET /changes`: a task that this replica learned of. Bounded and lossy: read the list again when one was missed. */
export interface AdminChange {
  readonly taskId: string;
  readonly seq: number;
}

/** What the caller of the API may do. `GET /session` */
export interface AdminSession {
  readonly readOnly: boolean;
  /** Path of the A2A endpoints on the main listener, relative to its root: '' or '/a2a'. */
  readonly agentsPath: string;
  /** The server is there for trials: `POST /kill` ends its process. */
  readonly lab: boolean;
  /** Where a tracing UI shows a trace: a URL with `{traceId}` in the place of its id. Absent: none is known. */
  readonly traceUrl?: string;
}

/** The limits of this server, by the options of the module. `GET /quotas`. Bytes, milliseconds or numbers, as the options say. */
export interface AdminQuotas {
  readonly limits: Readonly<Record<string, number>>;
  readonly execution: Readonly<Record<string, number>>;
  /** Absent: there are no webhooks. */
  readonly pushNotifications?: Readonly<Record<string, number>>;
  /** What each owner and each tenant may use, and those that may use more or less, by their names. */
  readonly owner: Readonly<Record<string, number>>;
  readonly tenant: Readonly<Record<string, number>>;
  readonly owners: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly tenants: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** A time that is null has no limit. */
  readonly retention: Readonly<Record<string, number | null>>;
}

/** Every error. `code` is an upper-case name: `INVALID_PARAMS`, `UNAUTHENTICATED`, `PERMISSION_DENIED`, `NOT_FOUND`, … */
export interface AdminErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}
