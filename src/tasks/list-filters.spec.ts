import { describe, expect, it } from '@jest/globals';
import type { TaskState } from '../protocol/model/index.js';
import { listFilters, listPageSize } from './list-filters.js';

describe('listFilters', () => {
  it('leaves out what says nothing', () => {
    const status = 'TASK_STATE_UNSPECIFIED' as TaskState;
    expect(listFilters({ contextId: '', status, statusTimestampAfter: '' })).toEqual({});
  });

  it.each([
    ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00.000Z'],
    ['2030-01-01T02:00:00.5+02:00', '2030-01-01T00:00:00.500Z'],
    ['2030-01-01T00:00:00.123000Z', '2030-01-01T00:00:00.123Z'],
    ['2030-01-01T00:00:00.123001Z', '2030-01-01T00:00:00.124Z'],
  ])('takes %s as from %s on', (statusTimestampAfter, statusFrom) => {
    expect(listFilters({ statusTimestampAfter })).toEqual({ statusFrom });
  });
});

describe('listPageSize', () => {
  it.each([
    [undefined, 50],
    [0, 50],
    [1, 1],
    [100, 100],
    [101, 100],
    [-3, 1],
  ])('makes %p to %i', (pageSize, size) => {
    expect(listPageSize(pageSize === undefined ? {} : { pageSize })).toBe(size);
  });
});
