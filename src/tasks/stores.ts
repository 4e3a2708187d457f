import type { AuditSink } from '../audit/audit-sink.interface.js';
import type { CallRateStore } from '../common/call-rates/call-rate-store.interface.js';
import type { StoredApiKeys } from '../security/authentication/api-keys/stored-api-keys.interface.js';
import type { AdminStore } from './admin/admin-store.interface.js';
import type { InboxStore } from './inbox-store.interface.js';
import type { JobSchedule } from './job-schedule.interface.js';
import type { LegalHoldStore } from './retention/legal-hold-store.interface.js';
import type { Outbox } from './outbox.interface.js';
import type { PushNotificationConfigStore } from './push-config-store.interface.js';
import type { RunStore } from './run-store.interface.js';
import type { TaskStore } from './task-store.interface.js';

/** The stores of one storage. They share their rows, so all of them must come from the same storage. */
export interface Stores {
  readonly tasks: TaskStore;
  readonly runs: RunStore;
  readonly inbox: InboxStore;
  readonly outbox: Outbox;
  readonly pushConfigs: PushNotificationConfigStore;
  readonly jobs: JobSchedule;
  /** Owners whose data must stay. Absent: the storage has no legal holds. */
  readonly holds?: LegalHoldStore;
  /** What callers used of their calls per minute, over all processes. Absent: each process counts for itself. */
  readonly rates?: CallRateStore;
  /** API keys, which all processes accept. Absent: the storage has none. */
  readonly apiKeys?: StoredApiKeys;
  /** The table of the audit trail. Absent: the storage has none. */
  readonly audit?: AuditSink;
  /** What operators read, over all owners. Absent: the storage cannot show it. */
  readonly admin?: AdminStore;
}

/** Stores with those that only operators use. */
export interface OperatorStores extends Stores {
  readonly holds: LegalHoldStore;
  readonly admin: AdminStore;
}

/** Stores that are open. Those of this package have all that operators use. */
export type OpenStores<S extends Stores = OperatorStores> = S & {
  close(): Promise<void>;
  /** Opens a durable storage a second time, over new connections: what another process sees. */
  reopen?(): Promise<OpenStores<S>>;
};
