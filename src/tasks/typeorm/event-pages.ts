import type { TaskScope } from '../../security/call-context.js';
import { GroupRead } from '../group-read.js';
import type { EventPage, EventPageLimits } from '../task-store.interface.js';
import type { Database } from './database.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../event-row.js';
import { plainArray } from './pg-array.js';
import { isTaskId } from './task-row.js';

/**
 * One statement, so that last_seq and the events of a task are consistent. For each page it returns as many events after a seq as
 * requested; the database itself cuts the page before the event that has the page's limit of bytes in front of it, and all pages
 * together before the event that has $8 bytes in front of it. One row without an event: there are no events. No row: no such task.
 */
const PAGES = `
with page as materialized (
  select w.page, t.task_id, t.context_id, t.last_seq, t.trimmed_seq, w.after_seq, w.events, w.bytes
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::int[], $7::bigint[])
    with ordinality as w(task_id, owner, tenant, agent, after_seq, events, bytes, page)
  join a2a_task t on t.task_id = w.task_id and t.owner = w.owner and t.tenant = w.tenant and t.agent = w.agent
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
from page left join event e on e.page = page.page and e.before_all < $8
order by page.page, e.seq`;

const DEFAULT_LIMIT = 256;
const DEFAULT_BYTES = 1024 * 1024;
/** The most pages of one statement, and the most bytes of them without the last event. */
const MAX_PAGES = 16;
const MAX_BYTES = 4 * 1024 * 1024;
/** The most concurrent statements; they share the connections of the pool. */
const MAX_UNDER_WAY = 4;

interface Question extends TaskScope {
  readonly taskId: string;
  readonly afterSeq: number;
  readonly limit: number;
  readonly maxBytes: number;
}

type PageRow = EventRow & { page: number; context_id: string; last_seq: number; trimmed_seq: number };
type EmptyRow = Omit<PageRow, 'seq'> & { seq: null };

type Answers = (question: Question) => EventPage | undefined | Promise<EventPage | undefined>;

/** Reads pages of logs: pages of many tasks in one statement, and each page once for all its readers. */
export class EventPages {
  readonly #group: GroupRead<Question, EventPage | undefined>;

  constructor(private readonly db: Database) {
    this.#group = new GroupRead({
      read: (questions) => this.#read(questions),
      keyOf,
      maxQuestions: MAX_PAGES,
      maxUnderWay: MAX_UNDER_WAY,
    });
  }

  async page(
    { owner, tenant, agent }: TaskScope,
    taskId: string,
    afterSeq: number,
    { limit = DEFAULT_LIMIT, maxBytes = DEFAULT_BYTES }: EventPageLimits = {},
  ): Promise<EventPage | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [events, bytes] = [Math.max(limit, 1), Math.max(maxBytes, 1)];
    return this.#group.ask({ taskId, owner, tenant, agent, afterSeq, limit: events, maxBytes: bytes });
  }

  /**
   * Pages that exceed the capacity of a read come first in the next one: the pages that were read reach their readers before more
   * is read. The first page always fits; if it has no event, its log has a gap.
   */
  async #read(questions: readonly Question[]): Promise<Answers> {
    const pages = await this.#readOnce(questions);
    return (question) => {
      const rows = pages.get(question);
      return question !== questions[0] && leftOut(question, rows)
        ? this.#group.askAgain(question)
        : pageOf(question, rows);
    };
  }

  async #readOnce(questions: readonly Question[]): Promise<Map<Question, (PageRow | EmptyRow)[]>> {
    const rows = await this.db.query<PageRow | EmptyRow>(PAGES, [
      plainArray(questions.map(({ taskId }) => taskId)),
      questions.map(({ owner }) => owner),
      questions.map(({ tenant }) => tenant),
      questions.map(({ agent }) => agent),
      plainArray(questions.map(({ afterSeq }) => afterSeq)),
      plainArray(questions.map(({ limit }) => limit)),
      plainArray(questions.map(({ maxBytes }) => maxBytes)),
      MAX_BYTES,
    ]);
    const pages = new Map<Question, (PageRow | EmptyRow)[]>();
    for (const row of rows) {
      const question = questions[row.page - 1]!;
      const page = pages.get(question);
      if (page) page.push(row);
      else pages.set(question, [row]);
    }
    return pages;
  }
}

const keyOf = ({ taskId, owner, tenant, agent, afterSeq, limit, maxBytes }: Question): string =>
  JSON.stringify([taskId, owner, tenant, agent, afterSeq, limit, maxBytes]);

/** The task has such events, but the read returned none of them. */
function leftOut({ afterSeq }: Question, [first]: readonly (PageRow | EmptyRow)[] = []): boolean {
  return first?.seq === null && first.trimmed_seq <= afterSeq && first.last_seq > afterSeq;
}

function pageOf({ taskId, afterSeq }: Question, rows: readonly (PageRow | EmptyRow)[] = []): EventPage | undefined {
  const [first] = rows;
  if (!first) return undefined;
  const task = { taskId, contextId: first.context_id };
  const events = rows.filter((row): row is PageRow => row.seq !== null).map((row) => toEvent(task, row));
  return { events, lastSeq: first.last_seq, trimmed: afterSeq < first.trimmed_seq };
}
