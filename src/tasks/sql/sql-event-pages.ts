import { unavailable } from '../../protocol/errors/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { toEvent } from '../event-row.js';
import { GroupRead } from '../group-read.js';
import { isTaskId } from '../row-ids.js';
import type { EventPage, EventPageLimits } from '../task-store.interface.js';
import { readStretch } from './event-stretch.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlSession } from './sql-session.js';
import { IN_SCOPE, scoped } from './task-row.js';

const TASK = `select t.context_id, t.last_seq, t.trimmed_seq from a2a_task t where ${IN_SCOPE}`;

const DEFAULT_LIMIT = 256;
const DEFAULT_BYTES = 1024 * 1024;
/** The most concurrent reads; they share the connections of the pool. */
const MAX_UNDER_WAY = 4;
const READ_RETRIES = 5;

interface Question {
  readonly taskId: string;
  readonly scope: TaskScope;
  readonly afterSeq: number;
  readonly limit: number;
  readonly maxBytes: number;
}

/** Reads pages of logs; concurrent readers of a page share one read. */
export class SqlEventPages {
  readonly #group: GroupRead<Question, EventPage | undefined>;

  constructor(private readonly db: SqlDatabase) {
    this.#group = new GroupRead({
      read: async ([question]) => {
        const page = question && (await this.#page(question));
        return () => page;
      },
      keyOf: ({ taskId, scope, ...limits }) =>
        JSON.stringify([...scoped(scope, taskId), limits.afterSeq, limits.limit, limits.maxBytes]),
      maxQuestions: 1,
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
    return this.#group.ask({ taskId, scope, afterSeq, limit: Math.max(limit, 1), maxBytes: Math.max(maxBytes, 1) });
  }

  #page(question: Question): Promise<EventPage | undefined> {
    return this.db.read(async (session) => {
      for (let retries = 0; retries < READ_RETRIES; retries++) {
        const page = await readPage(session, question);
        if (page !== 'changed') return page;
      }
      throw unavailable(`The log of task ${question.taskId} changes too fast to be read. Try again.`);
    });
  }
}

async function readPage(session: SqlSession, question: Question): Promise<EventPage | undefined | 'changed'> {
  const { taskId, scope, afterSeq, limit, maxBytes } = question;
  const [task] = await session.query<{ context_id: string; last_seq: number; trimmed_seq: number }>(
    TASK,
    scoped(scope, taskId),
  );
  if (!task) return undefined;
  const { last_seq: lastSeq, trimmed_seq: trimmedSeq, context_id: contextId } = task;
  if (afterSeq < trimmedSeq) return { events: [], lastSeq, trimmed: true };
  const rows = await readStretch(session, { taskId, after: afterSeq, upTo: lastSeq, limit, maxBytes });
  if (!rows) return 'changed';
  return { events: rows.map((row) => toEvent({ taskId, contextId }, row)), lastSeq, trimmed: false };
}
