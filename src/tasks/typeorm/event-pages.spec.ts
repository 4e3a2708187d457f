import { describe, expect, it } from '@jest/globals';
import { caller } from '../../testing/contracts/fixtures.js';
import type { Database } from './database.js';
import { EventPages } from './event-pages.js';

const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
const row = { context_id: 'c', last_seq: 1, trimmed_seq: 0 };
const event = { ...row, seq: 1, kind: 1, state: null, data: '{}', inbound: null };

describe('pages of events that have no room together', () => {
  it('are with their readers before the next ones are read, each once', async () => {
    const asked: string[][] = [];
    const goOn: (() => void)[] = [];
    const query = async (_sql: string, [ids]: [string]): Promise<object[]> => {
      const tasks = ids.slice(1, -1).split(',');
      asked.push(tasks);
      // A separate test covers how the database cuts pages; here each read has capacity for one event.
      if (asked.length > 1) await new Promise<void>((resolve) => goOn.push(resolve));
      return tasks.map((_, index) => ({ ...(index === 0 ? event : { ...row, seq: null }), page: index + 1 }));
    };
    const pages = new EventPages({ query } as unknown as Database);
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
