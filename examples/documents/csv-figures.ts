import { CsvError, parse } from 'csv-parse';
import { Readable } from 'node:stream';
import type { JsonObject } from '../../src/index.js';
import { type Document, DocumentError, short } from './document-parts.js';
import { piecesOf } from './text-figures.js';

const MAX_COLUMNS = 1000;
const FORM = { skip_empty_lines: true, relax_column_count: true, relax_quotes: true, max_record_size: 1_000_000 };
/** What begins with more zeros is a code. */
const NUMBER = /^[+-]?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?$/i;

/** Figures of the columns. The first record has their names. */
export async function csvFigures({ name, text }: Document, signal: AbortSignal) {
  const [line = ''] = text.slice(0, 65_536).trimStart().split('\n', 1);
  const [delimiter = ','] = [',', ';', '\t'].sort((a, b) => line.split(b).length - line.split(a).length);
  const records = Readable.from(piecesOf(text, signal)).compose(parse({ ...FORM, delimiter }));
  const columns: Column[] = [];
  let [rows, ragged] = [0, 0];
  try {
    for await (const fields of records as AsyncIterable<string[]>) {
      if (columns.length > 0) {
        rows++;
        if (fields.length !== columns.length) ragged++;
        columns.forEach((column, index) => column.add(fields[index]?.trim() ?? ''));
      } else if (fields.length <= MAX_COLUMNS) {
        columns.push(...fields.map((field, index) => new Column(short(field) || `column ${index + 1}`)));
      } else throw new DocumentError(`The table has ${fields.length} columns; send at most ${MAX_COLUMNS}.`);
    }
  } catch (error) {
    throw error instanceof CsvError ? new DocumentError(`'${name}' is not valid CSV. ${error.message}.`) : error;
  }
  return { delimiter, rows, ragged, columns: columns.map((column) => column.figures(rows)) };
}

/** What is known of a column. It keeps none of its values. */
class Column {
  #filled = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;

  constructor(private readonly name: string) {}

  add(field: string): void {
    if (field === '') return;
    // One text, and the sum is no number any more.
    const value = NUMBER.test(field) ? Number(field) : NaN;
    this.#filled++;
    this.#sum += value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  figures(rows: number): JsonObject {
    const type = Number.isNaN(this.#sum) ? 'text' : this.#filled > 0 ? 'number' : 'empty';
    const numbers = type === 'number' && { min: this.#min, max: this.#max, mean: this.#sum / this.#filled };
    return { name: this.name, type, missing: rows - this.#filled, ...numbers };
  }
}
