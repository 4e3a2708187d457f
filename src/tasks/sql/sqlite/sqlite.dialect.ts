import type { SqlDialect } from '../core/dialect.interface.js';
import { isDuplicate, isLocked, isTransient, refusal } from '../core/driver-errors.js';
import { inList, millisecondTimes } from '../core/millisecond-times.js';
import { onConflictUpdate } from '../core/on-conflict.js';

/** SQLite 3.35 or newer. A transaction that writes locks the whole database from its beginning. */
export const sqliteDialect: SqlDialect = {
  family: 'sqlite',
  placeholder: () => '?',
  now: `(cast(strftime('%s', 'now') as integer) * 1000 + cast(substr(strftime('%f', 'now'), 4) as integer))`,
  ...millisecondTimes,
  among: inList,
  forUpdate: '',
  skipLocked: '',
  keepRow: '',
  joined: (column) => `group_concat(${column}, ',')`,
  onConflict: onConflictUpdate,
  keepNewer: (table, key, version, set) =>
    `${onConflictUpdate([key], [version, ...set])} where ${table}.${version} < excluded.${version}`,
  minute: (time) => `(${time} / 60000)`,
  single: true,
  isTransient,
  isDuplicate,
  isLocked,
  refusal,
};
