import { describe, expect, it } from '@jest/globals';
import { caller } from '../../../testing/contracts/fixtures.js';
import { type PageQuestion, type PageRow, SqlEventPages } from './event-pages.js';

const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
const row = { context_id: 'c', last_seq: 1, trimmed_seq: 0 };
const event = { ...row, seq: 1, kind: 1, state: null, data: '{}', inbound: null };

describe('pages of events that have no room together', () => {
  it('are with their readers before the next ones are read, each once', async () => {
    const asked: string[][] = [];
    const goOn: (() => void)[] = [];
    const read = async (questions: readonly PageQuestion[]): Promise<Map<PageQuestion, PageRow[]>> => {
      asked.push(questions.map(({ taskId }) => taskId));
      // A separate test covers how the database cuts pages; here each read has capacity for one event.
      if (asked.length > 1) await new Promise<void>((resolve) => goOn.push(resolve));
      return new Map(questions.map((question, index) => [question, [index === 0 ? event : { ...row, seq: null }]]));
    };
    const pages = new SqlEventPages({ maxQuestions: 16, read });
    const answers = [1, 2, 3].map((n) => pages.page(caller(), id(n), 0));
    expect((await answers[0])?.events).toHaveLength(1);
    for (const n of [2, 3]) {
      while (goOn.length === 0) await new Promise(setImmediate);
      goOn.shift()?.();
      const page = await answers[n - 1];
      expect(page?.events.map(({ taskId }) => taskId)).toEqual([id(n)]);
    }
    expect(asked).toEqual([[id(1), id(2), id(3)], [id(2), id(3)], [id(3)]]);
  });
});
