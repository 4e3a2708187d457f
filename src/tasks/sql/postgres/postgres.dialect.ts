import type { SqlDialect } from '../core/dialect.interface.js';
import { sql } from '../core/sql.js';
import { isDuplicate, isLocked, isTransient, refusal } from './pg-errors.js';
import { onConflictUpdate } from '../core/on-conflict.js';

/** The present time in whole ms. A time column rounds: without this a time could be in the future once it is stored. */
export const NOW = `date_trunc('milliseconds', now())`;

/** Postgres 14 or newer. A list of values is one parameter, so that a statement has one text for lists of any length. */
export const postgresDialect: SqlDialect = {
  family: 'postgres',
  placeholder: (number) => `$${number}`,
  now: NOW,
  later: (time, ms) => sql`${time} + ${ms}::float8 * interval '1 ms'`,
  time: (time) => (typeof time === 'number' ? new Date(time).toISOString() : time),
  among: (values) => sql`= any(${values})`,
  // Waits for no foreign key check, and an append does not wait for one.
  forUpdate: 'for no key update',
  skipLocked: 'for no key update skip locked',
  keepRow: 'for key share',
  joined: (column) => `string_agg(${column}, ',')`,
  onConflict: onConflictUpdate,
  keepNewer: (table, key, version, set) =>
    `${onConflictUpdate([key], [version, ...set])} where ${table}.${version} < excluded.${version}`,
  minute: (time) => `floor(date_part('epoch', ${time}) / 60)`,
  single: false,
  isTransient,
  isDuplicate,
  isLocked,
  refusal,
};
