import { CsvError, parse } from 'csv-parse';
import { pipeline } from 'node:stream/promises';
import { type Document, DocumentError } from './document-parts.js';
import { piecesOf } from './pieces.js';

const MAX_COLUMNS = 1000;
const MAX_DISTINCT = 10_000;
const OPTIONS = {
  record_delimiter: '\n',
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: 1_000_000,
};
const TYPES: readonly (readonly [type: string, form: RegExp])[] = [
  ['missing', /^(?:na|n\/a|nan|null)?$/i],
  ['boolean', /^(?:true|false|yes|no)$/i],
  ['integer', /^[+-]?(?:0|[1-9]\d{0,14})$/],
  ['number', /^[+-]?(?:0|[1-9]\d{0,14})?\.\d{1,15}$|^[+-]?\d(?:\.\d{1,15})?e[+-]?\d{1,2}$/i],
  ['date', /^\d{4}-\d\d-\d\d(?:[T ][\d:.]{5,18}(?:Z|[+-]\d\d:?\d\d)?)?$/],
];
const typeOf = (field: string): string => TYPES.find(([, form]) => form.test(field.slice(0, 50)))?.[0] ?? 'text';

/** Figures of the columns, and the first ten rows with another number of fields. `header`: default by the looks of the first record. */
export async function csvFigures({ name, text, header }: Document, signal: AbortSignal) {
  const line = /^\n*(.*)/.exec(text.slice(0, 65_536))?.[1]?.replace(/"[^"]*"/g, '') ?? '';
  const times = (mark: string): number => line.split(mark).length;
  const delimiter = [',', ';', '\t'].reduce((best, mark) => (times(mark) > times(best) ? mark : best));
  const columns: Column[] = [];
  const ragged: { row: number; fields: number }[] = [];
  let [rows, raggedRows] = [0, 0];
  const add = (record: string[]): void => {
    const fields = record.map((field) => field.trim());
    if (columns.length === 0) {
      if (fields.length > MAX_COLUMNS)
        throw new DocumentError(`The table has ${fields.length} columns; send at most ${MAX_COLUMNS}.`);
      const named = (header ??= fields.every(
        (field) => /^(?:19|20)\d\d$/.test(field) || /text|missing/.test(typeOf(field)),
      ));
      columns.push(
        ...fields.map(
          (field, index) => new Column((named && field.slice(0, 80).toWellFormed()) || `column ${index + 1}`),
        ),
      );
      if (named) return;
    }
    rows++;
    if (fields.length !== columns.length && ++raggedRows <= 10) ragged.push({ row: rows, fields: fields.length });
    fields
      .slice(0, columns.length)
      .forEach((field, index) =>
        columns[index]?.add(delimiter === ',' ? field : field.replace(/^([+-]?\d{1,15}),(\d+)$/, '$1.$2')),
      );
  };
  try {
    await pipeline(
      piecesOf(text, signal),
      parse({ ...OPTIONS, delimiter }),
      async (records: AsyncIterable<string[]>) => {
        for await (const record of records) add(record);
      },
    );
  } catch (error) {
    throw error instanceof CsvError ? new DocumentError(`'${name}' is not valid CSV. ${error.message}.`) : error;
  }
  return {
    delimiter,
    header: header ?? false,
    rows,
    raggedRows,
    ragged,
    columns: columns.map((column) => column.figures(rows)),
  };
}

/** What is known of a column; it keeps none of its values but the different ones. */
class Column {
  readonly #types = new Set<string>();
  readonly #distinct = new Set<string>();
  readonly #numbers = { min: Infinity, max: -Infinity, sum: 0 };
  #present = 0;

  constructor(private readonly name: string) {}

  add(field: string): void {
    const type = typeOf(field);
    if (type === 'missing') return;
    this.#present++;
    this.#types.add(type);
    if (this.#distinct.size < MAX_DISTINCT) this.#distinct.add(field);
    const { min, max, sum } = this.#numbers;
    const value = Number(field);
    Object.assign(this.#numbers, { min: Math.min(min, value), max: Math.max(max, value), sum: sum + value });
  }

  figures(rows: number) {
    const types = [...this.#types].sort().join();
    const type = /^(?:|\w+)$/.test(types) ? types || 'empty' : types === 'integer,number' ? 'number' : 'text';
    const { min, max, sum } = this.#numbers;
    const numbers = /integer|number/.test(type) ? { min, max, mean: sum / this.#present } : {};
    return { name: this.name, type, missing: rows - this.#present, distinct: this.#distinct.size, ...numbers };
  }
}
