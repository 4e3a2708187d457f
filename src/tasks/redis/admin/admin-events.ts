import type { AdminEvent } from '../../admin/admin-store.interface.js';
import { callTrace } from '../../admin/call-trace.js';
import { toEvent } from '../../event-row.js';
import { isTaskId } from '../../row-ids.js';
import type { EventPageLimits } from '../../task-store.interface.js';
import { DEFAULT_BYTES, DEFAULT_LIMIT } from '../event-pages.js';
import { decodeEntry } from '../log-entry.js';
import type { RedisConnection } from '../redis-connection.js';
import { ANY_PAGE } from '../scripts/admin.scripts.js';

/** A page of a task's log. What is kept of a trimmed log for webhooks does not count. */
export async function adminEvents(
  connection: RedisConnection,
  taskId: string,
  afterSeq: number,
  { limit = DEFAULT_LIMIT, maxBytes = DEFAULT_BYTES }: EventPageLimits = {},
): Promise<AdminEvent[] | undefined> {
  if (!isTaskId(taskId)) return undefined;
  const values = [taskId, afterSeq, Math.max(limit, 1), Math.max(maxBytes, 1)];
  const reply = await connection.run<[contextId: string, entries: string[]] | null>(ANY_PAGE, ...values);
  if (!reply) return undefined;
  const [contextId, entries] = reply;
  return entries.map((entry) => {
    const { fence, at, request, ...row } = decodeEntry(entry);
    const event = toEvent({ taskId, contextId }, row);
    const { seq, kind } = event;
    const bytes = Buffer.byteLength(entry) - Buffer.byteLength(entry.slice(0, entry.indexOf('\n') + 1));
    const time = at !== undefined && { at: new Date(at).toISOString() };
    return { seq, kind, fence, bytes, ...time, ...callTrace(request), event };
  });
}
