import type { QueryRunner } from 'typeorm';

/** Databases of a family take the same statements. */
export type Family = 'postgres' | 'mysql' | 'sqlite';

export function familyOf({ dataSource }: QueryRunner): Family {
  const { type } = dataSource.options;
  if (type === 'postgres') return 'postgres';
  return type === 'mysql' || type === 'mariadb' ? 'mysql' : 'sqlite';
}
