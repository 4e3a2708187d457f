import { DocumentError } from '../document.error.js';
import { type ColumnFigures, CsvColumn, DistinctBudget } from './csv.column.js';
import type { CsvFlaw, CsvRecord } from './csv.parser.js';
import type { Delimiter } from './delimiter.js';
import { columnNames, looksLikeHeader } from './header.js';

export interface RaggedRow {
  readonly line: number;
  readonly fields: number;
}

export interface CsvFigures {
  readonly delimiter: Delimiter;
  /** Whether the first record was taken for the names of the columns. */
  readonly header: boolean;
  /** Without the header. */
  readonly rows: number;
  readonly columns: ColumnFigures[];
  /** Rows with more or fewer fields than there are columns. */
  readonly raggedRows: number;
  /** The first ten of them. */
  readonly ragged: RaggedRow[];
  /** The first ten records that RFC 4180 does not allow. */
  readonly flaws: { readonly line: number; readonly flaw: CsvFlaw }[];
}

export const MAX_COLUMNS = 1000;
const MAX_LISTED = 10;

/** Takes the records of a table one by one and keeps figures only. Missing fields of short rows count as missing values. */
export class CsvTable {
  readonly #budget = new DistinctBudget();
  readonly #ragged: RaggedRow[] = [];
  readonly #flaws: CsvFigures['flaws'] = [];
  #columns: CsvColumn[] = [];
  #header?: boolean;
  #rows = 0;
  #raggedRows = 0;

  /** `header`: whether the first record is one; default: by its looks. */
  constructor(
    private readonly delimiter: Delimiter,
    private readonly header?: boolean,
  ) {}

  /** @throws DocumentError when the first record has more than 1000 fields. */
  add(record: CsvRecord): void {
    const { fields, line, flaw } = record;
    if (flaw && this.#flaws.length < MAX_LISTED) this.#flaws.push({ line, flaw });
    if (this.#header === undefined && this.#begin(fields)) return;
    this.#rows++;
    if (fields.length !== this.#columns.length) {
      this.#raggedRows++;
      if (this.#ragged.length < MAX_LISTED) this.#ragged.push({ line, fields: fields.length });
    }
    // No more than the row has: a table of many columns and short rows would take their product in time.
    const width = Math.min(fields.length, this.#columns.length);
    for (let index = 0; index < width; index++) this.#columns[index]!.add(fields[index]!);
  }

  figures(): CsvFigures {
    return {
      delimiter: this.delimiter,
      header: this.#header ?? false,
      rows: this.#rows,
      columns: this.#columns.map((column) => column.figures(this.#rows)),
      raggedRows: this.#raggedRows,
      ragged: this.#ragged,
      flaws: this.#flaws,
    };
  }

  /** True when the first record is the header. */
  #begin(fields: readonly string[]): boolean {
    if (fields.length > MAX_COLUMNS) {
      throw new DocumentError(`The table has ${fields.length} columns; send at most ${MAX_COLUMNS}.`);
    }
    const decimalComma = this.delimiter !== ',';
    this.#header = this.header ?? looksLikeHeader(fields, decimalComma);
    const names = columnNames(this.#header ? fields : fields.map(() => ''));
    this.#columns = names.map((name) => new CsvColumn(name, decimalComma, this.#budget));
    return this.#header;
  }
}
