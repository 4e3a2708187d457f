import { describe, expect, it } from '@jest/globals';
import { retentionProblems } from './retention.check.js';
import { retentionOptions } from './retention.options.js';
import { completePolicy, DEFAULT_POLICY, FOR_EVER_MS } from './retention.policy.js';

const DAY = 24 * 60 * 60_000;
const all = (ms: number) => ({ completed: ms, failed: ms, canceled: ms, rejected: ms });

describe('retentionOptions', () => {
  it('keeps tasks for 30 days, their logs for one, and those that wait indefinitely', () => {
    expect(retentionOptions()).toEqual({
      policy: { retainMs: all(30 * DAY), trimAfterMs: DAY, waitForClientMs: Infinity },
      everyMs: 60_000,
    });
  });

  it('takes one time for all states, or some of them', () => {
    expect(retentionOptions({ retainMs: 5 }).policy.retainMs).toEqual(all(5));
    expect(retentionOptions({ retainMs: { failed: 7, rejected: Infinity } }).policy.retainMs).toEqual({
      ...all(30 * DAY),
      failed: 7,
      rejected: Infinity,
    });
    expect(retentionOptions({ retainMs: FOR_EVER_MS, everyMs: 100 })).toMatchObject({ everyMs: 100 });
  });

  it.each([
    [
      { retainMs: -1 },
      'retention.retainMs must be a whole number of ms from 0 to 3153600000000, or Infinity, but is -1.',
    ],
    [
      { retainMs: { failed: 1.5 } },
      'retention.retainMs.failed must be a whole number of ms from 0 to 3153600000000, or Infinity, but is 1.5.',
    ],
    [{ retainMs: { done: 1 } }, 'retention.retainMs.done is not an option. There are completed, failed,'],
    [
      { trimAfterMs: NaN },
      'retention.trimAfterMs must be a whole number of ms from 0 to 3153600000000, or Infinity, but is NaN.',
    ],
    [
      { waitForClientMs: '1d' },
      'retention.waitForClientMs must be a whole number of ms from 0 to 3153600000000, or Infinity, but is "1d".',
    ],
    [{ keepMs: 1 }, 'retention.keepMs is not an option. There are retainMs, trimAfterMs, waitForClientMs.'],
    [{ everyMs: 99 }, 'retention.everyMs must be a whole number from 100 to 2147483647, but is 99.'],
    [{ everyMs: Infinity }, 'retention.everyMs must be a whole number from 100 to 2147483647, but is Infinity.'],
  ])('refuses %j by name', (options, message) => {
    expect(() => retentionOptions(options as never)).toThrow(message);
  });

  it('refuses what is no policy', () => {
    expect(retentionProblems('30d', 'retention')).toEqual([
      'retention is "30d": use { retainMs, trimAfterMs, waitForClientMs }.',
    ]);
    expect(retentionProblems(undefined, 'retention')).toEqual([]);
  });
});

describe('completePolicy', () => {
  it("lets an agent's own times go before the module's, state by state", () => {
    const base = completePolicy({ retainMs: { completed: 1, failed: 2 }, trimAfterMs: 3, waitForClientMs: 4 });
    expect(completePolicy(undefined, base)).toEqual(base);
    expect(completePolicy({ retainMs: { failed: Infinity }, waitForClientMs: 9 }, base)).toEqual({
      retainMs: { ...DEFAULT_POLICY.retainMs, completed: 1, failed: Infinity },
      trimAfterMs: 3,
      waitForClientMs: 9,
    });
    expect(completePolicy({ retainMs: 8 }, base).retainMs).toEqual(all(8));
  });
});
