import type { ConditionValues } from '../sql/core/task-filter.sql.js';
import { plainArray } from './pg-array.js';

/** Values as `$1`, `$2` …, in the order of the calls. A list is one value. */
export class NumberedValues implements ConditionValues {
  readonly all: unknown[] = [];

  value(value: unknown): string {
    this.all.push(value);
    return `$${this.all.length}`;
  }

  among(values: readonly string[]): string {
    return `= any(${this.value(values)})`;
  }

  notAmong(values: readonly string[]): string {
    return `<> all(${this.value(plainArray(values))})`;
  }

  ago(ms: number): string {
    return `now() - ${this.value(ms)}::float8 * interval '1 ms'`;
  }
}
