import type { TaskScope } from '../../security/call-context.js';
import { GroupRead } from '../group-read.js';
import type { EventPage, EventPageLimits } from '../task-store.interface.js';
import type { Database } from './database.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../event-row.js';
import { plainArray } from './pg-array.js';
import { isTaskId } from './task-row.js';

/**
 * One statement, so that last_seq and events of a task are of one moment: as many events after a seq as are asked for, cut by
 * the database itself before the event in front of which there are so many bytes; and all pages together cut before the one in
 * front of which there are $8. One row without an event says that there are none; no row, that there is no such task.
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
/** Pages of one statement, and their bytes, but for the last event. */
const MAX_PAGES = 16;
const MAX_BYTES = 4 * 1024 * 1024;
/** Statements at a time, of the connections of the pool. */
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

/** Reads pages of logs: those of many tasks in one statement, and one page once for all who want it. */
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
   * Those for which there was no room are the first of the next read: what was read is with its readers before more is. The first
   * always has room: if it has no event, its log has a hole.
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

/** The task has such events, and none of them came. */
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
