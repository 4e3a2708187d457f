import { describe, expect, it } from '@jest/globals';
import { freshnessOf } from './freshness.js';

const options = { defaultMaxAge: 300, maxAge: 1000, staleIfError: 500 };
const of = (headers: Record<string, string>) => freshnessOf((name) => headers[name], options);

describe('freshnessOf', () => {
  it.each([
    [{}, 300, 500],
    [{ 'cache-control': 'public, max-age=60' }, 60, 500],
    [{ 'cache-control': 'MAX-AGE="60"' }, 60, 500],
    [{ 'cache-control': 'max-age=60', age: '20' }, 40, 500],
    [{ 'cache-control': 'max-age=60', age: '90' }, 5, 500],
    [{ 'cache-control': 'max-age=99999999' }, 1000, 500],
    [{ 'cache-control': 'max-age=soon' }, 300, 500],
    [{ 'cache-control': 'no-cache, max-age=60' }, 5, 500],
    [{ 'cache-control': 'no-store' }, 5, 0],
    [{ 'cache-control': 'max-age=60, must-revalidate' }, 60, 0],
    [{ 'cache-control': 'max-age=60, stale-if-error=30' }, 60, 30],
    [{ 'cache-control': 'max-age=60, stale-if-error=9999' }, 60, 500],
  ])('of %j is %d s, and %d s in need', (headers, maxAge, staleIfError) => {
    expect(of(headers as Record<string, string>)).toEqual({ maxAge, staleIfError });
  });
});
