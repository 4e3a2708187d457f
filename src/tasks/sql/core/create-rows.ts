import { isInterrupted } from '../../../protocol/state/task-state.js';
import { newTaskCounters } from '../../core/new-task.js';
import type { Submitted } from '../../group-commit.js';
import { type ScopedTask, taskCreated } from '../../scoped-task.js';
import { statusTime } from '../../status-time.js';
import { toStored } from '../../task-states.js';
import type { CreateResult } from '../../task-store.interface.js';
import { NEW_EVENT_COLUMNS, eventValues } from './event-columns.js';
import { insertRows } from './insert-rows.js';
import { configKey, contextKey, messageKey, ownerKey, scopeKey } from './keys.js';
import { oweEvents } from './owe-events.js';
import { patchWebhooks } from './patch-webhooks.js';
import { NOW, type SqlValue, among, sql } from './sql.js';
import type { SqlDatabase, SqlSession } from './sql-database.interface.js';
import { type CreateWriter, type KnownRow, knownMessage } from './task-creator.js';
import type { SqlTime } from './task-row.js';

/** Another process may send the same message at the same time, and its task may then be deleted; but this does not happen repeatedly. */
const DUPLICATE_RETRIES = 5;

/** Creates tasks in a transaction of several statements. */
export const createRows = (db: SqlDatabase): CreateWriter => ({
  write: async (batch) => {
    for (let retries = 0; ; retries++) {
      try {
        return await db.write((session) => write(session, batch));
      } catch (error) {
        if (!db.dialect.isDuplicate(error) || retries === DUPLICATE_RETRIES) throw error;
      }
    }
  },
  close: () => Promise.resolve(),
});

async function write(
  session: SqlSession,
  batch: readonly Submitted<ScopedTask>[],
): Promise<(CreateResult | undefined)[]> {
  const keys = batch.map(({ item: { scope, task } }) => messageKey(scope, task.messageId));
  const rows = await session.query<KnownRow & { message_key: string }>(
    sql`select message_key, task_id, digest from a2a_message where message_key ${among(keys)}`,
  );
  const known = new Map<string, KnownRow>(rows.map((row) => [row.message_key, row]));
  const created: { key: string; item: ScopedTask }[] = [];
  const results = batch.map((submitted, index) => {
    const { item } = submitted;
    const key = keys[index] ?? '';
    const there = known.get(key);
    if (there) return knownMessage(submitted, there);
    known.set(key, { task_id: item.task.taskId, digest: item.task.digest });
    created.push({ key, item });
    return taskCreated(item);
  });
  // The same order everywhere, so that two processes that received the same messages do not deadlock.
  created.sort((a, b) => (a.key < b.key ? -1 : 1));
  await insertTasks(
    session,
    created.map(({ item }) => item),
  );
  return results;
}

const TASK_COLUMNS = [
  ...['task_id', 'scope', 'owner_key', 'context_key', 'tenant', 'owner', 'agent', 'context_id', 'state', 'status_at'],
  ...['last_seq', 'bytes', 'run_owner', 'fence', 'turn', 'attempt', 'crashes', 'failures', 'not_before', 'waits'],
  ...['rested_at', 'created_at', 'reason'],
];

/** Inserts new tasks with what belongs to them. If a message or a task already exists, it throws an error that isDuplicate recognises. */
async function insertTasks(session: SqlSession, tasks: readonly ScopedTask[]): Promise<void> {
  if (tasks.length === 0) return;
  const [clock] = await session.query<{ now_at: SqlTime }>(sql`select ${NOW} as now_at`);
  const now = Number(clock?.now_at);
  const at = session.dialect.time(now);
  const messages = tasks.map(({ scope, task }) => [messageKey(scope, task.messageId), task.digest, task.taskId, at]);
  await insertRows(session, 'a2a_message', ['message_key', 'digest', 'task_id', 'created_at'], messages);
  const rows = tasks.map((scoped) => taskValues(session, scoped, at));
  await insertRows(session, 'a2a_task', TASK_COLUMNS, rows);
  const events = tasks.map(({ task }) => eventValues(task.taskId, 1, 1, task.event, at));
  await insertRows(session, 'a2a_event', NEW_EVENT_COLUMNS, events);
  for (const { scope, task } of tasks) {
    const { taskId, pushConfigs = [] } = task;
    const row = { task_id: taskId, owner: scope.owner };
    for (const [index, config] of pushConfigs.entries())
      await patchWebhooks(session, row, { stored: { config, createdAt: now + index } });
    const configs = pushConfigs.map(({ id }) => configKey(id)).join(',');
    if (configs !== '') await oweEvents(session, [{ taskId, seqs: [1], configs }]);
  }
}

function taskValues({ dialect }: SqlSession, { scope, task }: ScopedTask, now: SqlValue): SqlValue[] {
  const { tenant, owner, agent } = scope;
  const { taskId, contextId, event, runOwner } = task;
  const state = toStored(event.state ?? 'TASK_STATE_SUBMITTED');
  const statusAt = dialect.time(statusTime(event.statusAt) ?? new Date().toISOString());
  const { fence, turn, attempt, crashes, failures, queued } = newTaskCounters(runOwner);
  const restedAt = event.state !== undefined && isInterrupted(event.state) ? now : null;
  const key = scopeKey(scope);
  return [
    ...[taskId, key, ownerKey(scope), contextKey(contextId), tenant, owner, agent, contextId, state, statusAt],
    ...[1, event.bytes, runOwner, fence, turn, attempt, crashes, failures, queued ? now : null, queued ? key : null],
    ...[restedAt, now, event.reason],
  ];
}
