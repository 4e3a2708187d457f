import type { StoredWebhook } from '../stored/stored-webhook.js';
import type { MemoryRow } from './memory-row.js';

/** A push notification config of a task, and what it is owed. */
export interface OutboxQueue extends StoredWebhook {
  readonly row: MemoryRow;
}
