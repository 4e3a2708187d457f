import type { InboxStore } from './inbox-store.interface.js';
import type { JobSchedule } from './job-schedule.interface.js';
import type { Outbox } from './outbox.interface.js';
import type { PushNotificationConfigStore } from './push-config-store.interface.js';
import type { RunStore } from './run-store.interface.js';
import type { TaskStore } from './task-store.interface.js';

/** The stores of one storage. They share their rows, so all six must come from the same storage. */
export interface Stores {
  readonly tasks: TaskStore;
  readonly runs: RunStore;
  readonly inbox: InboxStore;
  readonly outbox: Outbox;
  readonly pushConfigs: PushNotificationConfigStore;
  readonly jobs: JobSchedule;
}

export interface OpenStores extends Stores {
  close(): Promise<void>;
  /** Opens a durable storage a second time, over new connections: what another process sees. */
  reopen?(): Promise<OpenStores>;
}
