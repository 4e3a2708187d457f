// The entry point nest-a2a/storage: what a storage of your own stands on. The types of the stores are in nest-a2a.

// The rules, for a storage of any kind.
export { CommittedEvent } from './tasks/committed-event.js';
export { appendFault, appendRefusal } from './tasks/core/append-rules.js';
export type { Change, Decide, Decision, QueueTime, TaskPatch } from './tasks/core/decision.js';
export type { DeliveryRows } from './tasks/core/delivery-rows.interface.js';
export type { DecideDelivery, DeliveryPatch, DeliveryRow } from './tasks/core/delivery-rules.js';
export { DeliveryOutbox } from './tasks/core/delivery.outbox.js';
export { type InboxFacts, type KnownMessage, type MessageToPut, putRefusal } from './tasks/core/message-rules.js';
export { newTaskCounters } from './tasks/core/new-task.js';
export * from './tasks/core/retention-filter.js';
export { startQueued } from './tasks/core/run-rules.js';
export type { ConfiguredWebhook, TriedDelivery, WebhookRows } from './tasks/core/webhook-rows.interface.js';
export type { DecideWebhooks, WebhookPatch, WebhookRow } from './tasks/core/webhook-rules.js';
export { shownWebhooks, storeWebhook } from './tasks/core/webhook-rules.js';
export { type TaskFilter, matches as matchesFilter } from './tasks/core/task-filter.js';
export { type FactName, type TaskFacts, type TaskRow, isOpen, recordOf, runOf } from './tasks/core/task-row.js';
export type { ReplicaRegistry, RunQueue, TaskRef, TaskRows } from './tasks/core/task-rows.interface.js';
export { TaskPushConfigStore } from './tasks/core/task-push-config.store.js';
export { TaskRunStore } from './tasks/core/task-run.store.js';
export { foldLog } from './tasks/fold-log.js';
export { isPushed } from './tasks/is-pushed.js';
export { type ContentWanted, type ListPage, type PageSource, readPage } from './tasks/list-page.js';
export { type PlacedPushConfig, pushConfigPage, pushConfigPosition } from './tasks/push-config-page.js';
export { type DueTask, chooseWaiting } from './tasks/waiting-choice.js';

// Tasks as one value each, for a storage that keeps them in one place.
export { appendToTask, refusedAppend, takeMessage } from './tasks/stored/append-to-task.js';
export { decideOnDelivery, deleteOldest, webhookOf } from './tasks/stored/decide-on-delivery.js';
export { type IsAlive, startedTurnOf, decideOnTask, findTasks } from './tasks/stored/decide-on-task.js';
export {
  configuredWebhooks,
  decideOnWebhooks,
  lastTried,
  patchWebhooks,
  putWebhook,
  webhookRows,
} from './tasks/stored/decide-on-webhooks.js';
export { eventPage } from './tasks/stored/event-page.js';
export { foldBitByBit, foldTask, trimLog } from './tasks/stored/fold-task.js';
export { type TasksOfScope, listTasks } from './tasks/stored/list-tasks.js';
export { settledTasks } from './tasks/stored/settled-tasks.js';
export {
  type InboxRow,
  type LoggedEvent,
  type StoredTask,
  headOf,
  lastSeqOf,
  newStoredTask,
} from './tasks/stored/stored-task.js';
export * from './tasks/stored/stored-webhook.js';
export { type DueWebhook, dueWebhooks, takeDeliveries } from './tasks/stored/take-deliveries.js';
export { usageOf } from './tasks/stored/usage-of.js';
export type { StoredUsage } from './common/quotas/known-usage.js';

// For a storage that one process uses.
export { ProcessJobSchedule } from './tasks/one-process/process-job-schedule.js';
export { ProcessReplicas } from './tasks/one-process/process-replicas.js';
export { readTask } from './tasks/one-process/read-task.js';
export { type StoresOfTable, tableStores } from './tasks/one-process/table-stores.js';
export type { TaskTable } from './tasks/one-process/task-table.interface.js';
