import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TokenCache } from './token-cache.js';

describe('TokenCache', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const principal = (ms?: number) => ({ owner: 'alice', ...(ms && { expiresAt: new Date(Date.now() + ms) }) });

  it('remembers a token for its time, and never after it has expired', () => {
    const cache = new TokenCache(1_000, 10);
    cache.set('long', principal(60_000));
    cache.set('short', principal(500));
    cache.set('over', principal(-1));
    expect([cache.get('long'), cache.get('short'), cache.get('over'), cache.get('other')].map((each) => each?.owner)).toEqual([
      'alice', 'alice', undefined, undefined,
    ]); // prettier-ignore
    jest.advanceTimersByTime(500);
    expect(cache.get('short')).toBeUndefined();
    jest.advanceTimersByTime(500);
    expect(cache.get('long')).toBeUndefined();
  });

  it('has a limit: the oldest make room', () => {
    const cache = new TokenCache(1_000, 2);
    for (const token of ['a', 'b', 'c']) cache.set(token, principal());
    expect([cache.get('a'), cache.get('b'), cache.get('c')].map((each) => each !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('remembers nothing with a time of 0', () => {
    const cache = new TokenCache(0, 2);
    cache.set('a', principal());
    expect(cache.get('a')).toBeUndefined();
  });
});
