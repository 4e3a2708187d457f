import type { TaskScope } from '../../security/call-context.js';
import { GroupRead } from '../group-read.js';
import type { EventPage, EventPageLimits } from '../task-store.interface.js';
import { committedEntry } from './log-entry.js';
import type { RedisConnection } from './redis-connection.js';
import { PAGE } from './scripts/read.scripts.js';
import { scopeKey } from './task-row.js';

export const DEFAULT_LIMIT = 256;
export const DEFAULT_BYTES = 1024 * 1024;
/** The most pages of one request. */
const MAX_PAGES = 8;
const MAX_UNDER_WAY = 2;

interface Question {
  readonly taskId: string;
  readonly scope: string;
  readonly afterSeq: number;
  readonly limit: number;
  readonly maxBytes: number;
}

type PageReply = [contextId: string, lastSeq: string, trimmedSeq: string, entries: string[]];
type Answer = { readonly page?: EventPage } | { readonly error: unknown };

/** Reads pages of logs: several in one request, and each page once for all its readers. */
export class EventPages {
  readonly #group: GroupRead<Question, EventPage | undefined>;

  constructor(private readonly connection: RedisConnection) {
    this.#group = new GroupRead({
      read: (questions) => this.#read(questions),
      keyOf: ({ taskId, scope, afterSeq, limit, maxBytes }) => `${scope} ${afterSeq} ${limit} ${maxBytes} ${taskId}`,
      maxQuestions: MAX_PAGES,
      maxUnderWay: MAX_UNDER_WAY,
    });
  }

  page(
    scope: TaskScope,
    taskId: string,
    afterSeq: number,
    { limit = DEFAULT_LIMIT, maxBytes = DEFAULT_BYTES }: EventPageLimits = {},
  ): Promise<EventPage | undefined> {
    const [events, bytes] = [Math.max(limit, 1), Math.max(maxBytes, 1)];
    return this.#group.ask({ taskId, scope: scopeKey(scope), afterSeq, limit: events, maxBytes: bytes });
  }

  async #read(questions: readonly Question[]): Promise<(question: Question) => EventPage | undefined> {
    const answers = await Promise.all(questions.map((question) => this.#answer(question)));
    const byQuestion = new Map(questions.map((question, index) => [question, answers[index]]));
    return (question) => {
      const answer = byQuestion.get(question);
      if (answer && 'error' in answer) throw answer.error;
      return answer?.page;
    };
  }

  async #answer({ taskId, scope, afterSeq, limit, maxBytes }: Question): Promise<Answer> {
    try {
      const values = [taskId, scope, afterSeq, limit, maxBytes];
      const reply = await this.connection.run<PageReply | null>(PAGE, ...values);
      if (!reply) return {};
      const [contextId, lastSeq, trimmedSeq, entries] = reply;
      const events = entries.map((entry) => committedEntry({ taskId, contextId }, entry));
      return { page: { events, lastSeq: Number(lastSeq), trimmed: afterSeq < Number(trimmedSeq) } };
    } catch (error) {
      return { error };
    }
  }
}
