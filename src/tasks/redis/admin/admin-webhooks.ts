import type { AdminTaskRow, AdminWebhookRow } from '../../admin/admin-rows.js';
import { adminPageSize, decodeCursor, encodeCursor, listOf } from '../../admin/admin-cursor.js';
import {
  type AdminPage,
  type AdminPageQuery,
  type AdminWebhookFilter,
  OWED_LIMIT,
} from '../../admin/admin-store.interface.js';
import type { PushConfig } from '../../push-config-store.interface.js';
import { isTaskId } from '../../row-ids.js';
import { type DeadNote, deadNotesOf } from '../dead-note.js';
import type { RedisConnection } from '../redis-connection.js';
import { WEBHOOKS_OF } from '../scripts/admin.scripts.js';
import type { NewestTasks } from './newest-tasks.js';

type Reply = [
  ...[taskId: string, configId: string, madeAt: string, config: string, disabledAt: string],
  ...[dueAt: string, tries: string, log: string, seqs: string[]],
];

/** A webhook as it is stored. Times in ms since the epoch. */
export interface StoredWebhook {
  readonly task: AdminTaskRow;
  readonly config: PushConfig;
  readonly madeAt: number;
  readonly disabledAt?: number;
  readonly dueAt?: number;
  /** Attempts of the oldest delivery that is owed, and their log. */
  readonly attempts: number;
  readonly log: string;
  /** Oldest first, up to OWED_LIMIT. */
  readonly seqs: readonly number[];
}

/** The webhooks of these tasks, in their order; of one task the newest first. */
export async function webhooksOf(
  connection: RedisConnection,
  tasks: readonly AdminTaskRow[],
): Promise<StoredWebhook[]> {
  if (tasks.length === 0) return [];
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const replies = await connection.run<Reply[]>(WEBHOOKS_OF, OWED_LIMIT, ...byId.keys());
  const found = replies.map(([id, , madeAt, config, disabledAt, dueAt, tries, log, seqs]) => ({
    task: byId.get(id)!,
    config: JSON.parse(config) as PushConfig,
    madeAt: Number(madeAt),
    ...(disabledAt !== '' && { disabledAt: Number(disabledAt) }),
    ...(dueAt !== '' && { dueAt: Number(dueAt) }),
    attempts: Number(tries),
    log,
    seqs: seqs.map(Number),
  }));
  return found.sort((a, b) => (a.task.id === b.task.id ? b.madeAt - a.madeAt : a.task.id < b.task.id ? 1 : -1));
}

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));
/** The position after all webhooks of a task. */
const END = new Date(0).toISOString();

/** A page of webhooks of all owners. It reads at most READ_TASKS tasks: then it is shorter, and the next one goes on from there. */
export async function adminWebhooks(
  connection: RedisConnection,
  newest: NewestTasks,
  filter: AdminWebhookFilter,
  page: AdminPageQuery = {},
): Promise<AdminPage<AdminWebhookRow>> {
  const list = listOf('webhooks', filter);
  const size = adminPageSize(page);
  const [task, time = ''] = decodeCursor(page, list, [isTaskId, isTime]) ?? [];
  const rows: AdminWebhookRow[] = [];
  const withDead = new Set<string>();
  let last: readonly string[] | undefined;
  for await (const { tasks, reached } of newest.of(filter.taskId, task)) {
    for (const { row, dead } of tasks) if (dead > 0) withDead.add(row.id);
    const wanted = tasks
      .map(({ row }) => row)
      .filter(({ owner }) => filter.owner === undefined || owner === filter.owner);
    const found = (await webhooksOf(connection, wanted))
      .filter(({ disabledAt }) => !filter.disabled || disabledAt !== undefined)
      .map(toWebhook);
    rows.push(...found.filter((row) => row.taskId !== task || row.createdAt < time));
    const shown = rows.length > size ? rows[size - 1] : undefined;
    last = shown ? [shown.taskId, shown.createdAt] : reached === undefined ? undefined : [reached, END];
    if (shown) break;
  }
  const shown = await counted(connection, rows.slice(0, size), withDead);
  return { rows: shown, ...(last && { next: encodeCursor(last, list) }) };
}

/** With the dead letters of those whose task has some. */
async function counted(
  connection: RedisConnection,
  rows: readonly AdminWebhookRow[],
  withDead: ReadonlySet<string>,
): Promise<AdminWebhookRow[]> {
  const notes = new Map<string, readonly DeadNote[]>();
  for (const id of new Set(rows.map(({ taskId }) => taskId))) {
    if (withDead.has(id)) notes.set(id, await deadNotesOf(connection, id));
  }
  return rows.map((row) => {
    const own = notes.get(row.taskId)?.filter(({ config }) => config === row.configId) ?? [];
    return own.length === 0 ? row : { ...row, deadLetters: own.length };
  });
}

/** Without the count of its dead letters. */
function toWebhook({ task, config, madeAt, disabledAt, dueAt, seqs }: StoredWebhook): AdminWebhookRow {
  const { id, agent, owner, tenant } = task;
  return {
    taskId: id,
    configId: config.id,
    ...{ agent, owner, tenant },
    url: config.url,
    protocolVersion: config.wireVersion,
    createdAt: new Date(madeAt).toISOString(),
    owed: seqs.length,
    ...(dueAt !== undefined && { dueAt: new Date(dueAt).toISOString() }),
    deadLetters: 0,
    ...(disabledAt !== undefined && { disabledAt: new Date(disabledAt).toISOString() }),
  };
}
