import { type CellType, readCell } from './cell.js';
import { type NumberFigures, numberFigures } from './number-figures.js';

export type ColumnType = Exclude<CellType, 'missing'> | 'empty';

export interface ColumnFigures extends Partial<NumberFigures> {
  readonly name: string;
  /** What all its values are; `text` when they differ, `empty` when there are none. */
  readonly type: ColumnType;
  readonly missing: number;
  /** Different values, as they are written. */
  readonly distinct: number;
  /** False: there are more; counting stopped at the table's limit. */
  readonly distinctIsExact: boolean;
  /** Of dates: RFC 3339, UTC. */
  readonly earliest?: string;
  readonly latest?: string;
  /** Of text that is nearly all of one other type: which, and how many values are not. */
  readonly mostly?: { readonly type: ColumnType; readonly others: number };
}

/** Values that a table remembers to tell different ones apart, all columns together. */
export class DistinctBudget {
  constructor(public left = 200_000) {}
}

const MOSTLY = 0.9;

/** Takes a column's fields one by one. */
export class CsvColumn {
  readonly #counts: Record<CellType, number> = { missing: 0, integer: 0, number: 0, boolean: 0, date: 0, text: 0 };
  readonly #distinct = new Set<string>();
  #distinctIsExact = true;
  #numbers: number[] = [];
  #earliest = Infinity;
  #latest = -Infinity;

  constructor(
    readonly name: string,
    private readonly decimalComma: boolean,
    private readonly budget: DistinctBudget,
  ) {}

  add(field: string): void {
    const { type, value } = readCell(field, this.decimalComma);
    this.#counts[type]++;
    if (type === 'missing') return;
    this.#remember(field.trim());
    if (value === undefined) return;
    if (type === 'date') {
      this.#earliest = Math.min(this.#earliest, value);
      this.#latest = Math.max(this.#latest, value);
    } else this.#numbers.push(value);
  }

  /** `rows`: of the table; those that did not reach this column lack its value. */
  figures(rows: number): ColumnFigures {
    const type = this.#type();
    const mostly = type === 'text' ? this.#mostly() : undefined;
    return {
      name: this.name,
      type,
      missing: rows - this.#present(),
      distinct: this.#distinct.size,
      distinctIsExact: this.#distinctIsExact,
      ...((type === 'integer' || type === 'number') && numberFigures(this.#numbers)),
      ...(type === 'date' && { earliest: isoDate(this.#earliest), latest: isoDate(this.#latest) }),
      ...(mostly && { mostly }),
    };
  }

  #remember(value: string): void {
    if (this.#distinct.has(value)) return;
    if (this.budget.left === 0) {
      this.#distinctIsExact = false;
      return;
    }
    this.budget.left--;
    this.#distinct.add(value);
  }

  #type(): ColumnType {
    const { missing: _, ...counts } = this.#counts;
    const present = (Object.keys(counts) as (keyof typeof counts)[]).filter((type) => counts[type] > 0);
    const [first = 'empty', ...others] = present;
    if (others.length === 0) return first;
    return present.every((type) => type === 'integer' || type === 'number') ? 'number' : 'text';
  }

  #present(): number {
    const { integer, number, boolean, date, text } = this.#counts;
    return integer + number + boolean + date + text;
  }

  #mostly(): ColumnFigures['mostly'] {
    const { integer, number, boolean, date } = this.#counts;
    const total = this.#present();
    const candidates = { number: integer + number, boolean, date };
    for (const [type, count] of Object.entries(candidates)) {
      if (count < total && count >= total * MOSTLY)
        return { type: type as keyof typeof candidates, others: total - count };
    }
    return undefined;
  }
}

const isoDate = (time: number): string => new Date(time).toISOString().replace('T00:00:00.000Z', '');
