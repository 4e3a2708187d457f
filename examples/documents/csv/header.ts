import { readCell } from './cell.js';

const LONGEST_NAME = 80;
/** A number that may well name a column. */
const YEAR = /^(?:1[89]|2[01])\d\d$/;

/** True unless a field of the first record looks like a value: a number that is no year, a date, a boolean. */
export function looksLikeHeader(first: readonly string[], decimalComma: boolean): boolean {
  const types = first.filter((field) => !YEAR.test(field.trim())).map((field) => readCell(field, decimalComma).type);
  return types.every((type) => type === 'text' || type === 'missing');
}

/** Names of columns, each once: an empty one by its number, a repeated one with the number of its repetition. */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  const repeated = new Map<string, number>();
  return header.map((field, index) => {
    const given = field.trim().slice(0, LONGEST_NAME).toWellFormed() || `column ${index + 1}`;
    let name = given;
    while (taken.has(name)) {
      const times = (repeated.get(given) ?? 1) + 1;
      repeated.set(given, times);
      name = `${given} (${times})`;
    }
    taken.add(name);
    return name;
  });
}
