import type { InboxStore } from './inbox-store.interface.js';
import type { JobSchedule } from './job-schedule.interface.js';
import type { Outbox } from './outbox.interface.js';
import type { PushNotificationConfigStore } from './push-config-store.interface.js';
import type { RunStore } from './run-store.interface.js';
import type { TaskStore } from './task-store.interface.js';

/** The stores of one storage: they share their rows, so all six come from the same place. */
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
  /** A durable storage opened a second time, over connections of its own: what another process sees. */
  reopen?(): Promise<OpenStores>;
}
