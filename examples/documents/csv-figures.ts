import { CsvError, parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { type Document, DocumentError } from './document-parts.js';
import { piecesOf } from './text-figures.js';

const MAX_COLUMNS = 1000;
const FORM = { record_delimiter: '\n', max_record_size: 1_000_000 };
const MAX_DISTINCT = 10_000;
const LENIENT = { skip_empty_lines: true, relax_column_count: true, relax_quotes: true };
const TYPES: readonly (readonly [type: string, form: RegExp])[] = [
  ['missing', /^(?:na|n\/a|nan|null)?$/i],
  ['boolean', /^(?:true|false|yes|no)$/i],
  ['integer', /^[+-]?(?:0|[1-9]\d{0,14})$/],
  ['number', /^[+-]?(?:0|[1-9]\d{0,14})?\.\d{1,15}$|^[+-]?\d(?:\.\d{1,15})?e[+-]?\d{1,2}$/i],
  ['date', /^\d{4}-\d\d-\d\d(?:[T ][\d:.]{5,18}(?:Z|[+-]\d\d:?\d\d)?)?$/],
];
const typeOf = (field: string): string => TYPES.find(([, form]) => form.test(field.slice(0, 50)))?.[0] ?? 'text';

const short = (name: string): string => name.slice(0, 80).toWellFormed();

/** Figures of the columns, and the first ten rows with another number of fields. `header`: default by the looks of the first record. */
export async function csvFigures({ name, text, header }: Document, signal: AbortSignal) {
  const [, line = ''] = /^\n*(.*)/.exec(text.slice(0, 65_536).replace(/"[^"]*"/g, '')) ?? [];
  const [delimiter = ','] = [',', ';', '\t'].sort((a, b) => line.split(b).length - line.split(a).length);
  const columns: Column[] = [];
  const ragged: { row: number; fields: number }[] = [];
  let [rows, raggedRows] = [0, 0];
  const records = Readable.from(piecesOf(text, signal)).compose(parse({ ...LENIENT, ...FORM, delimiter }));
  try {
    for await (const record of records as AsyncIterable<string[]>) {
      const fields = record.map((field) => field.trim());
      if (columns.length === 0) {
        if (fields.length > MAX_COLUMNS)
          throw new DocumentError(`The table has ${fields.length} columns; send at most ${MAX_COLUMNS}.`);
        header ??= fields.every((field) => /^(?:19|20)\d\d$/.test(field) || /text|missing/.test(typeOf(field)));
        columns.push(...fields.map((field, index) => new Column((header && short(field)) || `column ${index + 1}`)));
        if (header) continue;
      }
      if (fields.length !== columns.length && ++raggedRows <= 10) ragged.push({ row: rows + 1, fields: fields.length });
      const point = (field: string) => (delimiter === ',' ? field : field.replace(/^([+-]?\d{1,15}),(\d+)$/, '$1.$2'));
      columns.forEach((column, index) => column.add(point(fields[index] ?? '')));
      rows++;
    }
  } catch (error) {
    throw error instanceof CsvError ? new DocumentError(`'${name}' is not valid CSV. ${error.message}.`) : error;
  }
  const figures = columns.map((column) => column.figures(rows));
  return { delimiter, header: header ?? false, rows, raggedRows, ragged, columns: figures };
}

/** What is known of a column; it keeps none of its values but the different ones. */
class Column {
  readonly #types = new Set<string>();
  readonly #distinct = new Set<string>();
  #numbers = { present: 0, min: Infinity, max: -Infinity, sum: 0 };

  constructor(private readonly name: string) {}

  add(field: string): void {
    const type = typeOf(field);
    if (type === 'missing') return;
    this.#types.add(type);
    if (this.#distinct.size < MAX_DISTINCT) this.#distinct.add(field);
    const { present, min, max, sum } = this.#numbers;
    const value = Number(field);
    this.#numbers = { present: present + 1, min: Math.min(min, value), max: Math.max(max, value), sum: sum + value };
  }

  figures(rows: number) {
    const types = [...this.#types].sort().join();
    const type = /^(?:|\w+)$/.test(types) ? types || 'empty' : types === 'integer,number' ? 'number' : 'text';
    const { present, min, max, sum } = this.#numbers;
    const numbers = /integer|number/.test(type) && { min, max, mean: sum / present };
    return { name: this.name, type, missing: rows - present, distinct: this.#distinct.size, ...numbers };
  }
}
