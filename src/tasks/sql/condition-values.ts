import type { ConditionValues } from './core/task-filter.sql.js';
import type { SqlDialect } from './sql-dialect.js';
import type { SqlValue } from './sql-session.js';
import { marks } from './statement-parts.js';

/** Values as `?`, in the order of the calls. */
export class PositionalValues implements ConditionValues {
  readonly all: SqlValue[] = [];

  constructor(private readonly dialect: SqlDialect) {}

  value(value: SqlValue): string {
    this.all.push(value);
    return '?';
  }

  among(values: readonly string[]): string {
    this.all.push(...values);
    // SQL allows no empty list.
    return `in (${values.length > 0 ? marks(values.length) : 'null'})`;
  }

  notAmong(values: readonly string[]): string {
    return values.length > 0 ? `not ${this.among(values)}` : 'is not null';
  }

  ago(ms: number): string {
    return `${this.dialect.now} - ${Math.round(ms)}`;
  }
}
