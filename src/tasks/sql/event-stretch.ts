import { EVENT_COLUMNS, type EventRow } from '../event-row.js';
import type { SqlSession } from './sql-session.js';

export interface Stretch {
  readonly taskId: string;
  readonly after: number;
  readonly upTo: number;
  /** The most events. */
  readonly limit: number;
  /** The stretch ends after this many bytes; it has at least one event. */
  readonly maxBytes: number;
}

const SIZES = `
select seq, bytes from a2a_event where task_id = ? and seq > ? and seq <= ? order by seq limit ?`;

const EVENTS = `
select ${EVENT_COLUMNS} from a2a_event e where e.task_id = ? and e.seq > ? and e.seq <= ? order by e.seq`;

/** Events after a seq. undefined: some of them are missing (trimmed or deleted since). */
export async function readStretch(
  session: SqlSession,
  { taskId, after, upTo, limit, maxBytes }: Stretch,
): Promise<EventRow[] | undefined> {
  if (upTo <= after) return [];
  const sizes = await session.query<{ seq: number; bytes: number }>(SIZES, [taskId, after, upTo, limit]);
  let [last, bytes] = [after, 0];
  for (const size of sizes) {
    if (bytes >= maxBytes) break;
    last = size.seq;
    bytes += size.bytes;
  }
  const rows = await session.query<EventRow>(EVENTS, [taskId, after, last]);
  return rows.length > 0 && rows[0]?.seq === after + 1 && rows.at(-1)?.seq === after + rows.length ? rows : undefined;
}
