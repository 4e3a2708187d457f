import type { DataSource } from 'typeorm';
import { SqlDatabase } from './sql-database.js';
import { mysqlDialect, sqliteDialect } from './sql-dialect.js';

/** The parts of an initialized DataSource that the stores use. */
export async function openDatabase(dataSource: DataSource): Promise<SqlDatabase> {
  if (!isMysql(dataSource)) return new SqlDatabase(dataSource, sqliteDialect);
  const [row] = await dataSource.query<{ packet: number | string }[]>(`select @@max_allowed_packet as packet`);
  return new SqlDatabase(dataSource, mysqlDialect, Number(row?.packet));
}

export const isMysql = ({ options: { type } }: DataSource): boolean => type === 'mysql' || type === 'mariadb';
