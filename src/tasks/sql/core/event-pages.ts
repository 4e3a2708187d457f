import type { TaskScope } from '../../../security/call-context.js';
import { type EventRow, toEvent } from '../../event-row.js';
import { GroupRead } from '../../group-read.js';
import { isTaskId } from '../../row-ids.js';
import type { EventPage, EventPageLimits } from '../../task-store.interface.js';
import { scopeKey } from './keys.js';
import { sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import { sizedStretch } from './task-reader.js';

export const DEFAULT_LIMIT = 256;
export const DEFAULT_BYTES = 1024 * 1024;
/** The most concurrent statements; they share the connections of the pool. */
const MAX_UNDER_WAY = 4;

export interface PageQuestion {
  readonly taskId: string;
  readonly scope: string;
  readonly afterSeq: number;
  readonly limit: number;
  readonly maxBytes: number;
}

interface PageTask {
  readonly context_id: string;
  readonly last_seq: number;
  readonly trimmed_seq: number;
}

/** The task with one of its events; without one if the page has none. No row: no such task. */
export type PageRow = PageTask & (EventRow | { readonly seq: null });

/** Reads the pages of several questions. The pages of all but the first may have been left out. */
export interface PageReader {
  readonly maxQuestions: number;
  read(questions: readonly PageQuestion[]): Promise<Map<PageQuestion, PageRow[]>>;
}

type Answers = (question: PageQuestion) => EventPage | undefined | Promise<EventPage | undefined>;

/** Reads pages of logs: each page once for all its readers. */
export class SqlEventPages {
  readonly #group: GroupRead<PageQuestion, EventPage | undefined>;

  constructor(private readonly reader: PageReader) {
    this.#group = new GroupRead({
      read: (questions) => this.#read(questions),
      keyOf: (question) => JSON.stringify(Object.values(question)),
      maxQuestions: reader.maxQuestions,
      maxUnderWay: MAX_UNDER_WAY,
    });
  }

  async page(
    scope: TaskScope,
    taskId: string,
    afterSeq: number,
    { limit = DEFAULT_LIMIT, maxBytes = DEFAULT_BYTES }: EventPageLimits = {},
  ): Promise<EventPage | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const limits = { limit: Math.max(limit, 1), maxBytes: Math.max(maxBytes, 1) };
    return this.#group.ask({ taskId, scope: scopeKey(scope), afterSeq, ...limits });
  }

  /**
   * Pages that exceed the capacity of a read come first in the next one: the pages that were read reach their readers before more
   * is read. The first page always fits; if it has no event, its log has a gap.
   */
  async #read(questions: readonly PageQuestion[]): Promise<Answers> {
    const pages = await this.reader.read(questions);
    return (question) => {
      const rows = pages.get(question);
      return question !== questions[0] && leftOut(question, rows)
        ? this.#group.askAgain(question)
        : pageOf(question, rows);
    };
  }
}

/** The task has such events, but the read returned none of them. */
function leftOut({ afterSeq }: PageQuestion, [first]: readonly PageRow[] = []): boolean {
  return first?.seq === null && first.trimmed_seq <= afterSeq && first.last_seq > afterSeq;
}

function pageOf({ taskId, afterSeq }: PageQuestion, rows: readonly PageRow[] = []): EventPage | undefined {
  const [first] = rows;
  if (!first) return undefined;
  const task = { taskId, contextId: first.context_id };
  const events = rows.flatMap((row) => (row.seq === null ? [] : [toEvent(task, row)]));
  return { events, lastSeq: first.last_seq, trimmed: afterSeq < first.trimmed_seq };
}

/** One page in a statement, so that last_seq and the events of the task are consistent. */
export const singlePages = (db: SqlDatabase): PageReader => ({
  maxQuestions: 1,
  read: async ([question]) => {
    if (!question) return new Map();
    const { taskId, scope, afterSeq, limit, maxBytes } = question;
    const rows = await db.query<PageRow>(sql`
      select t.context_id, t.last_seq, t.trimmed_seq, event.* from a2a_task t
      left join (${sizedStretch({ taskId, after: afterSeq, limit, maxBytes })}) event on t.trimmed_seq <= ${afterSeq}
      where t.task_id = ${taskId} and t.scope = ${scope}
      order by event.seq`);
    return new Map([[question, rows]]);
  },
});
