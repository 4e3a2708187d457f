import { isInterrupted } from '../../protocol/state/task-state.js';
import { newTaskCounters } from '../core/new-task.js';
import type { ScopedTask } from '../scoped-task.js';
import { statusTime } from '../status-time.js';
import { toStored } from '../task-states.js';
import { NEW_EVENT_COLUMNS, eventValues } from './event-columns.js';
import { contextKey, messageKey, ownerKey, scopeKey } from './keys.js';
import { oweEvents } from './owe-events.js';
import { putPushConfig } from './put-push-config.js';
import type { SqlSession, SqlValue } from './sql-session.js';
import { insertRows } from './statement-parts.js';

const TASK_COLUMNS = [
  ...['task_id', 'scope', 'owner_key', 'context_key', 'tenant', 'owner', 'agent', 'context_id', 'state', 'status_at'],
  ...['last_seq', 'bytes', 'run_owner', 'fence', 'turn', 'attempt', 'losses', 'failures', 'begun_seq', 'webhooks'],
  ...['trimmed_seq', 'keeps_log', 'not_before', 'waits', 'rested_at', 'created_at'],
];

/** Inserts new tasks with what belongs to them. If a message or a task already exists, it throws an error that isDuplicate recognises. */
export async function insertTasks(session: SqlSession, tasks: readonly ScopedTask[]): Promise<void> {
  if (tasks.length === 0) return;
  const [clock] = await session.query<{ now_ms: number }>(`select ${session.dialect.now} as now_ms`);
  const now = Number(clock?.now_ms);
  const messages = tasks.map(({ scope, task }) => [messageKey(scope, task.messageId), task.digest, task.taskId, now]);
  await insertRows(session, 'a2a_message', ['message_key', 'digest', 'task_id', 'created_at'], messages);
  const rows = tasks.map((scoped) => taskValues(scoped, now));
  await insertRows(session, 'a2a_task', TASK_COLUMNS, rows);
  const events = tasks.map(({ task }) => eventValues(task.taskId, 1, 1, task.event));
  await insertRows(session, 'a2a_event', NEW_EVENT_COLUMNS, events);
  for (const { task } of tasks) {
    if (!task.pushConfig) continue;
    await putPushConfig(session, task.taskId, task.pushConfig);
    await oweEvents(session, [{ taskId: task.taskId, seqs: [1] }]);
  }
}

function taskValues({ scope, task }: ScopedTask, now: number): SqlValue[] {
  const { tenant, owner, agent } = scope;
  const { taskId, contextId, event, runOwner } = task;
  const state = toStored(event.state ?? 'TASK_STATE_SUBMITTED');
  const statusAt = Date.parse(statusTime(event.statusAt) ?? new Date().toISOString());
  const { fence, turn, attempt, losses, failures, queued } = newTaskCounters(runOwner);
  const restedAt = event.state !== undefined && isInterrupted(event.state) ? now : null;
  const key = scopeKey(scope);
  return [
    ...[taskId, key, ownerKey(scope), contextKey(contextId), tenant, owner, agent, contextId, state, statusAt],
    ...[1, event.bytes, runOwner, fence, turn, attempt, losses, failures, 1, 0],
    ...[0, 0, queued ? now : null, queued ? key : null, restedAt, now],
  ];
}
