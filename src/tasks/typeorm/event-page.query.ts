import type { TaskScope } from '../../security/call-context.js';
import type { EventPage, EventPageLimits } from '../task-store.interface.js';
import type { Database } from './database.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from './event-row.js';
import { IN_SCOPE, isTaskId, scoped } from './task-row.js';

/**
 * One statement, so that last_seq and events are of one moment: $6 events after seq $5, cut by the database itself before
 * the event in front of which there are $7 bytes. One row without an event says that there are none.
 */
const PAGE = `
select t.context_id, t.last_seq, t.trimmed_seq, ${EVENT_COLUMNS}
from a2a_task t
left join lateral (
  select * from (
    select *, sum(bytes) over (order by seq) - bytes as before
    from (select * from a2a_event where task_id = t.task_id and seq > $5::bigint order by seq limit $6) as stretch
  ) as sized
  where before < $7
) as e on t.trimmed_seq <= $5::bigint
where ${IN_SCOPE}
order by e.seq`;

const DEFAULT_LIMIT = 256;
const DEFAULT_BYTES = 1024 * 1024;

type PageRow = EventRow & { context_id: string; last_seq: number; trimmed_seq: number };
type EmptyRow = Omit<PageRow, 'seq'> & { seq: null };

export async function eventPage(
  db: Database,
  scope: TaskScope,
  taskId: string,
  afterSeq: number,
  { limit = DEFAULT_LIMIT, maxBytes = DEFAULT_BYTES }: EventPageLimits = {},
): Promise<EventPage | undefined> {
  if (!isTaskId(taskId)) return undefined;
  const values = [...scoped(scope, taskId), afterSeq, Math.max(limit, 1), Math.max(maxBytes, 1)];
  const rows = await db.query<PageRow | EmptyRow>(PAGE, values);
  const [first] = rows;
  if (!first) return undefined;
  const task = { taskId, contextId: first.context_id };
  const events = rows.filter((row): row is PageRow => row.seq !== null).map((row) => toEvent(task, row));
  return { events, lastSeq: first.last_seq, trimmed: afterSeq < first.trimmed_seq };
}
