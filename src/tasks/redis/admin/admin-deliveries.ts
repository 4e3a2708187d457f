import type { AdminDeliveryRow, AdminTaskRow } from '../../admin/admin-rows.js';
import { adminPageSize, decodeCursor, encodeCursor, listOf } from '../../admin/admin-cursor.js';
import type { AdminDeliveryFilter, AdminPage, AdminPageQuery } from '../../admin/admin-store.interface.js';
import { attemptsOf } from '../../admin/delivery-attempt.js';
import { type DeadNote, deadNotesOf } from '../dead-note.js';
import { entryId, entryOf } from '../entry-id.js';
import type { RedisConnection } from '../redis-connection.js';
import { type StoredWebhook, webhooksOf } from './admin-webhooks.js';
import type { NewestTasks, ReadTask } from './newest-tasks.js';

/** A page of deliveries of all owners. It reads at most READ_TASKS tasks: then it is shorter, and the next one goes on from there. */
export async function adminDeliveries(
  connection: RedisConnection,
  newest: NewestTasks,
  filter: AdminDeliveryFilter,
  page: AdminPageQuery = {},
): Promise<AdminPage<AdminDeliveryRow>> {
  const list = listOf('deliveries', filter);
  const size = adminPageSize(page);
  const [position] = decodeCursor(page, list, [(id) => entryOf(id) !== undefined]) ?? [];
  const place = position === undefined ? undefined : placeOf(position);
  const rows: AdminDeliveryRow[] = [];
  let last: string | undefined;
  for await (const { tasks, reached } of newest.of(taskOf(filter), place?.taskId)) {
    const found = (await deliveriesOf(connection, tasks)).filter((row) => fits(row, filter)).sort(newestFirst);
    rows.push(...found.filter((row) => !place || newestFirst(row, place) > 0));
    last = rows.length > size ? rows[size - 1]?.id : reached === undefined ? undefined : entryId(reached, 0, '');
    if (rows.length > size) break;
  }
  return { rows: rows.slice(0, size), ...(last !== undefined && { next: encodeCursor([last], list) }) };
}

/** The task that the filter names, or that the id of a delivery does. */
const taskOf = ({ id, taskId }: AdminDeliveryFilter): string | undefined =>
  taskId ?? (id === undefined ? undefined : (entryOf(id)?.[0] ?? ''));

type Place = Pick<AdminDeliveryRow, 'taskId' | 'seq' | 'configId'>;

function placeOf(id: string): Place {
  const [taskId = '', configId = '', seq = '0'] = entryOf(id) ?? [];
  return { taskId, configId, seq: Number(seq) };
}

function newestFirst(a: Place, b: Place): number {
  if (a.taskId !== b.taskId) return a.taskId < b.taskId ? 1 : -1;
  if (a.seq !== b.seq) return b.seq - a.seq;
  return a.configId === b.configId ? 0 : a.configId < b.configId ? -1 : 1;
}

const fits = ({ id, configId, deadAt }: AdminDeliveryRow, filter: AdminDeliveryFilter): boolean =>
  (filter.id === undefined || id === filter.id) &&
  (filter.configId === undefined || configId === filter.configId) &&
  (filter.state === undefined || (filter.state === 'dead') === (deadAt !== undefined));

async function deliveriesOf(connection: RedisConnection, tasks: readonly ReadTask[]): Promise<AdminDeliveryRow[]> {
  const webhooks = await webhooksOf(
    connection,
    tasks.map(({ row }) => row),
  );
  const rows = webhooks.flatMap(owedTo);
  const urls = new Map(webhooks.map(({ task, config }) => [`${task.id} ${config.id}`, config.url]));
  for (const { row, dead } of tasks) {
    if (dead === 0) continue;
    rows.push(...(await deadNotesOf(connection, row.id)).flatMap((note) => deadLetter(row, note, urls)));
  }
  return rows;
}

const owedTo = ({ task, config, dueAt, attempts, log, seqs }: StoredWebhook): AdminDeliveryRow[] =>
  seqs.map((seq, index) => ({
    id: entryId(task.id, seq, config.id),
    ...{ taskId: task.id, configId: config.id, seq, url: config.url, attempts: index === 0 ? attempts : 0 },
    ...(dueAt !== undefined && { dueAt: new Date(dueAt).toISOString() }),
    attemptLog: index === 0 ? attemptsOf(log) : [],
  }));

/** Those of a webhook that was deleted are gone. */
function deadLetter({ id }: AdminTaskRow, note: DeadNote, urls: ReadonlyMap<string, string>): AdminDeliveryRow[] {
  const { config, seq, reason, at, tries = 0, log } = note;
  const url = urls.get(`${id} ${config}`);
  if (url === undefined) return [];
  return [
    {
      ...{ id: entryId(id, seq, config), taskId: id, configId: config, seq, url, attempts: tries },
      ...{ deadAt: new Date(at).toISOString(), deadReason: reason, attemptLog: attemptsOf(log) },
    },
  ];
}
