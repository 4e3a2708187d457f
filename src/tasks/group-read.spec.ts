import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setImmediate as nextLoop } from 'node:timers/promises';
import { GroupRead } from './group-read.js';

type Read = (questions: readonly number[]) => Promise<(question: number) => string>;

describe('GroupRead', () => {
  const answers = (question: number): string => `answer ${question}`;
  const read = jest.fn<Read>();
  const asked = (): number[][] => read.mock.calls.map(([questions]) => [...questions]);
  const open = (maxQuestions = 3, maxUnderWay = 2): GroupRead<number, string> =>
    new GroupRead({ read, keyOf: String, maxQuestions, maxUnderWay });
  beforeEach(() => void read.mockReset().mockResolvedValue(answers));

  it('reads together what is asked together, and once what several ask', async () => {
    const group = open();
    const all = await Promise.all([1, 2, 1, 1, 2].map((question) => group.ask(question)));
    expect(all).toEqual([1, 2, 1, 1, 2].map(answers));
    expect(asked()).toEqual([[1, 2]]);
  });

  it('reads no more at a time than it may; what comes meanwhile is the next read', async () => {
    const ends: (() => void)[] = [];
    read.mockImplementation(() => new Promise((resolve) => ends.push(() => resolve(answers))));
    const group = open();
    const all = [1, 2, 3, 4, 5, 6, 7].map((question) => group.ask(question));
    await nextLoop();
    expect(asked()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    // A read of the same key is already running: its answer may be older than this question.
    const again = group.ask(1);
    ends.shift()?.();
    await nextLoop();
    await nextLoop();
    expect(asked().slice(2)).toEqual([[7, 1]]);
    for (const end of ends) end();
    expect(await Promise.all([...all, again])).toEqual([1, 2, 3, 4, 5, 6, 7, 1].map(answers));
  });

  it('reads what found no room before what was asked since', async () => {
    const group = open(2, 1);
    const served: number[] = [];
    // Only the first question of a read fits; the others are asked again immediately.
    read.mockImplementation((questions) =>
      Promise.resolve((question) => {
        if (question !== questions[0]) return group.askAgain(question) as unknown as string;
        served.push(question);
        return answers(question);
      }),
    );
    const eager = async (): Promise<void> => {
      for (let question = 10; question < 20; question++) await group.ask(question);
    };
    await Promise.all([eager(), group.ask(1), group.ask(2), group.ask(3)]);
    expect(served.slice(0, 5)).toEqual(expect.arrayContaining([1, 2]));
    expect(served.slice(0, 7)).toEqual(expect.arrayContaining([3]));
  });

  it('tells each asker of its own failure, and all of a failed read, and goes on', async () => {
    read.mockResolvedValueOnce((question) => {
      if (question === 2) throw new Error('broken');
      return answers(question);
    });
    read.mockRejectedValueOnce(new Error('away'));
    const group = open(2, 1);
    const settled = await Promise.allSettled([1, 2, 3, 4, 5].map((question) => group.ask(question)));
    expect(
      settled.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as Error).message)),
    ).toEqual(['answer 1', 'broken', 'away', 'away', 'answer 5']);
  });
});
