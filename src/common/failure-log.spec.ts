import { describe, expect, it, jest } from '@jest/globals';
import { FailureLog } from './failure-log.js';

describe('FailureLog', () => {
  it('logs the first failure of a series, and the first success after it', () => {
    const lines: string[] = [];
    const logger = {
      warn: (text: string) => void lines.push(`warn ${text}`),
      log: (text: string) => void lines.push(`log ${text}`),
    };
    const failures = new FailureLog(logger, { failed: 'Cannot read', recovered: 'Can read again.' });
    const states: boolean[] = [];
    failures.succeeded();
    for (const error of [new Error('away'), new Error('still away'), undefined, undefined, 'gone']) {
      if (error) failures.failed(error);
      else failures.succeeded();
      states.push(failures.failing);
    }
    expect(states).toEqual([true, true, false, false, true]);
    expect(lines).toEqual([
      'warn Cannot read, trying again: Error: away',
      'log Can read again.',
      'warn Cannot read, trying again: gone',
    ]);
  });

  it('says whether an attempt succeeded, and never rejects', async () => {
    const warn = jest.fn();
    const log = jest.fn();
    const failures = new FailureLog({ warn, log }, { failed: 'Cannot read', recovered: 'Can read again.' });
    const fail = (): never => {
      throw new Error('away');
    };
    expect(await failures.attempt(fail)).toBe(false);
    expect(await failures.attempt(() => Promise.reject(new Error('away')))).toBe(false);
    expect(await failures.attempt(() => Promise.resolve())).toBe(true);
    expect([warn.mock.calls.length, log.mock.calls.length]).toEqual([1, 1]);
  });
});
