/** Postgres and SQLite: SqlDialect.onConflict. */
export const onConflictUpdate = (key: readonly string[], set: readonly string[]): string =>
  `on conflict (${key.join(', ')}) do update set ${set.map((column) => `${column} = excluded.${column}`).join(', ')}`;
