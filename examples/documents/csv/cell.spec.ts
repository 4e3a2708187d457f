import { describe, expect, it } from '@jest/globals';
import { readCell } from './cell.js';

describe('readCell', () => {
  it.each([
    ['', 'missing', undefined],
    ['  ', 'missing', undefined],
    ['N/A', 'missing', undefined],
    ['NaN', 'missing', undefined],
    ['0', 'integer', 0],
    [' -12 ', 'integer', -12],
    ['+7', 'integer', 7],
    ['007', 'text', undefined],
    ['999999999999999', 'integer', 999_999_999_999_999],
    ['1000000000000000', 'text', undefined],
    ['1.5', 'number', 1.5],
    ['.5', 'number', 0.5],
    ['5.', 'number', 5],
    ['-1.5e-3', 'number', -0.0015],
    ['1e999', 'text', undefined],
    ['1,5', 'text', undefined],
    ['1 000', 'text', undefined],
    ['TRUE', 'boolean', undefined],
    ['no', 'boolean', undefined],
    ['2026-01-31', 'date', Date.UTC(2026, 0, 31)],
    ['2026/01/31', 'date', Date.UTC(2026, 0, 31)],
    ['2026-01/31', 'text', undefined],
    ['31.1.2026', 'date', Date.UTC(2026, 0, 31)],
    ['2026-01-31 12:30', 'date', Date.UTC(2026, 0, 31, 12, 30)],
    ['2026-01-31T12:30:15.5+0200', 'date', Date.UTC(2026, 0, 31, 10, 30, 15, 500)],
    ['2024-02-29', 'date', Date.UTC(2024, 1, 29)],
    ['2026-02-29', 'text', undefined],
    ['2026-13-01', 'text', undefined],
    ['2026-01-31T25:00', 'text', undefined],
    ['01/02/2026', 'text', undefined],
    ['hello', 'text', undefined],
    ['constructor', 'text', undefined],
    ['1'.repeat(5000), 'text', undefined],
  ])('reads %j as %s', (field, type, value) => {
    expect(readCell(field, false)).toEqual(value === undefined ? { type } : { type, value });
  });

  it('reads decimal commas when told to', () => {
    expect(readCell('-1,5', true)).toEqual({ type: 'number', value: -1.5 });
    expect(readCell('1,234,567', true)).toEqual({ type: 'text' });
  });
});
