import type { SqlDialect } from './dialect.interface.js';
import { type Sql, join, sql } from './sql.js';

/** For databases whose time columns are integers: milliseconds since the epoch. */
export const millisecondTimes: Pick<SqlDialect, 'later' | 'time'> = {
  later: (time, ms) => sql`${time} + ${Math.round(ms)}`,
  time: (time) => (typeof time === 'string' ? Date.parse(time) : time),
};

/** For databases that have no arrays. SQL allows no empty list. */
export const inList = (values: readonly (string | number)[]): Sql =>
  sql`in (${join(values.length > 0 ? values : [null])})`;
