import { describe, expect, it } from '@jest/globals';
import { filterIn, taskParams } from './task-filter.js';

describe('filters of tasks', () => {
  it('are taken from the address, without what is no filter', () => {
    expect(filterIn({ agent: 'progress', tab: 'x', owner: '' })).toEqual({ agent: 'progress' });
  });

  it('become parameters of the API: states by their names, times in UTC', () => {
    const params = taskParams({
      state: 'failed,nonsense,rejected',
      from: '2026-01-31T12:00',
      queued: '1',
      reason: 'x',
    });
    expect(params).toEqual({
      state: ['TASK_STATE_FAILED', 'TASK_STATE_REJECTED'],
      from: new Date('2026-01-31T12:00').toISOString(),
      to: undefined,
      queued: 'true',
      reason: 'x',
    });
  });

  it('that cannot be read do not filter', () => {
    expect(taskParams({ state: 'nonsense', from: 'yesterday' })).toEqual({
      state: undefined,
      from: undefined,
      to: undefined,
      queued: undefined,
    });
  });
});
