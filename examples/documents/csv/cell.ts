import { parseDate } from './date.js';

export type CellType = 'missing' | 'integer' | 'number' | 'boolean' | 'date' | 'text';

export interface Cell {
  readonly type: CellType;
  /** Of integers and numbers; of dates the time in ms since 1970, UTC. */
  readonly value?: number;
}

/** Without regard to case. */
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null']);
const BOOLEANS = new Set(['true', 'false', 'yes', 'no']);
const INTEGER = /^[+-]?\d+$/;
const POINT_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;
const COMMA_NUMBER = /^[+-]?\d+,\d+$/;
/** More digits do not fit a double without loss: they are read as text, such as account numbers. */
const MAX_DIGITS = 15;
const LONGEST = 40;

/**
 * What a field looks like, white space around it aside. Whole numbers with leading zeros or more than 15 digits are text: they
 * are names of something. `decimalComma`: `1,5` is a number.
 */
export function readCell(field: string, decimalComma: boolean): Cell {
  if (field.length > LONGEST && field.trim().length > LONGEST) return { type: 'text' };
  const text = field.trim();
  const lower = text.toLowerCase();
  if (MISSING.has(lower)) return { type: 'missing' };
  if (BOOLEANS.has(lower)) return { type: 'boolean' };
  if (INTEGER.test(text)) {
    const digits = text.replace(/^[+-]/, '');
    const isName = digits.length > MAX_DIGITS || (digits.length > 1 && digits.startsWith('0'));
    return isName ? { type: 'text' } : { type: 'integer', value: Number(text) };
  }
  const decimal = decimalComma && COMMA_NUMBER.test(text) ? text.replace(',', '.') : text;
  if (POINT_NUMBER.test(decimal)) {
    const value = Number(decimal);
    return Number.isFinite(value) ? { type: 'number', value } : { type: 'text' };
  }
  const time = parseDate(text);
  return time === undefined ? { type: 'text' } : { type: 'date', value: time };
}
