import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type { SqlDialect } from '../core/dialect.interface.js';
import { type ColumnDescription, type ColumnKind, TABLES, type TableDescription } from './tables.js';

type Family = SqlDialect['family'];
type Types = Readonly<Record<ColumnKind, EntitySchemaColumnOptions>>;

const ASCII = { charset: 'ascii', collation: 'ascii_bin' };
const UTF8 = { charset: 'utf8mb4', collation: 'utf8mb4_bin' };

const TYPES: Readonly<Record<Family, Types>> = {
  postgres: {
    uuid: { type: 'uuid' },
    key: { type: 'text' },
    name: { type: 'text' },
    text: { type: 'text' },
    json: { type: 'json' },
    int: { type: 'integer' },
    long: { type: 'bigint' },
    flag: { type: 'boolean' },
    time: { type: 'timestamp with time zone', precision: 3 },
    // EntitySchema passes this on, but its type does not know it.
    serial: { type: 'bigint', generated: 'identity' as 'increment' },
  },
  mysql: {
    uuid: { type: 'char', length: 36, ...ASCII },
    key: { type: 'char', length: 43, ...ASCII },
    name: { type: 'varchar', length: 255, ...UTF8 },
    text: { type: 'longtext', ...UTF8 },
    json: { type: 'longtext', ...UTF8 },
    int: { type: 'int' },
    long: { type: 'bigint' },
    flag: { type: 'boolean' },
    time: { type: 'bigint' },
    serial: { type: 'bigint', generated: 'increment' },
  },
  sqlite: {
    uuid: { type: 'text' },
    key: { type: 'text' },
    name: { type: 'text' },
    text: { type: 'text' },
    json: { type: 'text' },
    int: { type: 'integer' },
    long: { type: 'integer' },
    flag: { type: 'boolean' },
    time: { type: 'integer' },
    serial: { type: 'integer', generated: 'increment' },
  },
};

/**
 * The tables as entities, for the `entities` option of a DataSource. Their properties have the names of the columns. Migrations
 * make the tables; never let TypeORM synchronize them.
 */
export const entitiesOf = (family: Family): EntitySchema[] =>
  Object.entries(TABLES).map(([name, table]) => entityOf(family, name, table));

function entityOf(family: Family, name: string, { columns, indexes = [], postgresIndexes = [] }: TableDescription) {
  const primary = family === 'postgres' ? { primaryKeyConstraintName: `${name}_pkey` } : {};
  const of = ({ kind, ...extras }: ColumnDescription): EntitySchemaColumnOptions => ({
    ...TYPES[family][kind],
    ...extras,
    ...(extras.primary && primary),
  });
  const all = family === 'postgres' ? [...indexes, ...postgresIndexes] : indexes;
  return new EntitySchema({
    name,
    tableName: name,
    columns: Object.fromEntries(Object.entries(columns).map(([column, description]) => [column, of(description)])),
    // The migrations say what is indexed, and how.
    indices: all.map((index) => ({ name: index, synchronize: false })),
  });
}
