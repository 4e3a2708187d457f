import type { InboxStore } from './inbox-store.interface.js';
import type { Outbox } from './outbox.interface.js';
import type { RunStore } from './run-store.interface.js';
import type { TaskStore } from './task-store.interface.js';

/** The stores of one storage: they share their rows, so all four come from the same place. */
export interface Stores {
  readonly tasks: TaskStore;
  readonly runs: RunStore;
  readonly inbox: InboxStore;
  readonly outbox: Outbox;
  /** For tests: gives the task a push notification config, so that appends write outbox entries for it. */
  addPushConfig?(taskId: string, configId: string): Promise<void>;
  /** For tests: moves the expiry of a task into the past. */
  expire?(taskId: string): Promise<void>;
}

export interface OpenStores extends Stores {
  close(): Promise<void>;
  /** A durable storage opened a second time, over connections of its own: what another process sees. */
  reopen?(): Promise<OpenStores>;
}
