import type { SqlDialect } from '../core/dialect.interface.js';
import { isDuplicate, isLocked, isTransient, refusal } from '../core/driver-errors.js';
import { inList, millisecondTimes } from '../core/millisecond-times.js';

/** MySQL 8 and MariaDB 10.6 or newer. */
export const mysqlDialect: SqlDialect = {
  family: 'mysql',
  placeholder: () => '?',
  // Independent of the session's time zone, in which one hour a year occurs twice.
  now: `(timestampdiff(microsecond, '1970-01-01 00:00:00', utc_timestamp(3)) div 1000)`,
  ...millisecondTimes,
  among: inList,
  forUpdate: 'for update',
  skipLocked: 'for update skip locked',
  keepRow: 'for update',
  joined: (column) => `group_concat(${column} separator ',')`,
  onConflict: (_key, set) =>
    `on duplicate key update ${set.map((column) => `${column} = values(${column})`).join(', ')}`,
  // In this order: what follows an assignment sees its new value.
  keepNewer: (table, _key, version, set) =>
    `on duplicate key update ${[...set, version]
      .map(
        (column) =>
          `${table}.${column} = if(${table}.${version} < values(${version}), values(${column}), ${table}.${column})`,
      )
      .join(', ')}`,
  minute: (time) => `(${time} div 60000)`,
  single: false,
  isTransient,
  isDuplicate,
  isLocked,
  refusal,
};
