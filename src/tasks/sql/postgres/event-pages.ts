import { EVENT_COLUMNS } from '../../event-row.js';
import type { PageQuestion, PageReader, PageRow } from '../core/event-pages.js';
import { plainArray } from './pg-array.js';
import type { PostgresDatabase } from './postgres.database.js';

/**
 * One statement for the pages of many tasks: when a batch is committed, its tasks have readers on all replicas. For each page it
 * returns as many events after a seq as requested; the database itself cuts the page before the event that has the page's limit of
 * bytes in front of it, and all pages together before the event that has $6 bytes in front of it. One row without an event: there
 * are no events. No row: no such task.
 */
const PAGES = `
with page as materialized (
  select w.page, t.task_id, t.context_id, t.last_seq, t.trimmed_seq, w.after_seq, w.events, w.bytes
  from unnest($1::uuid[], $2::text[], $3::bigint[], $4::int[], $5::bigint[])
    with ordinality as w(task_id, scope, after_seq, events, bytes, page)
  join a2a_task t on t.task_id = w.task_id and t.scope = w.scope
), event as (
  select page.page, e.*, sum(e.bytes) over (order by page.page, e.seq) - e.bytes as before_all
  from page cross join lateral (
    select * from (
      select *, sum(bytes) over (order by seq) - bytes as before
      from (
        select * from a2a_event where task_id = page.task_id and seq > page.after_seq order by seq limit page.events
      ) as stretch
    ) as sized
    where before < page.bytes
  ) as e
  where page.trimmed_seq <= page.after_seq
)
select page.page, page.context_id, page.last_seq, page.trimmed_seq, ${EVENT_COLUMNS}
from page left join event e on e.page = page.page and e.before_all < $6
order by page.page, e.seq`;

/** The most pages of one statement, and the most bytes of them without the last event. */
const MAX_PAGES = 16;
const MAX_BYTES = 4 * 1024 * 1024;

/** Pages of many tasks in one statement. */
export const groupedPages = (db: Pick<PostgresDatabase, 'send'>): PageReader => ({
  maxQuestions: MAX_PAGES,
  read: async (questions) => {
    const { rows } = await db.send<PageRow & { page: number }>(PAGES, [
      plainArray(questions.map(({ taskId }) => taskId)),
      plainArray(questions.map(({ scope }) => scope)),
      plainArray(questions.map(({ afterSeq }) => afterSeq)),
      plainArray(questions.map(({ limit }) => limit)),
      plainArray(questions.map(({ maxBytes }) => maxBytes)),
      MAX_BYTES,
    ]);
    const pages = new Map<PageQuestion, PageRow[]>();
    for (const row of rows) {
      const question = questions[row.page - 1]!;
      const page = pages.get(question);
      if (page) page.push(row);
      else pages.set(question, [row]);
    }
    return pages;
  },
});
