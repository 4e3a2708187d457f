/** A database as a URL names it. */
export type NamedDatabase =
  | { readonly type: 'postgres' | 'mysql' | 'mariadb'; readonly url: string }
  | { readonly type: 'sqlite'; readonly file: string };

/** The form of DATABASE_URL and `--database-url`, to complete "must be …". */
export const DATABASE_URL_RULE =
  'a URL of a database that begins with postgres://, postgresql://, mysql:// or mariadb://, or sqlite: and the path of a file';

/** undefined: it names no database that can hold tasks. */
export function databaseOf(url: string): NamedDatabase | undefined {
  const file = sqliteFile(url);
  if (file !== undefined) return { type: 'sqlite', file };
  if (!URL.canParse(url)) return undefined;
  const { protocol, pathname } = new URL(url);
  if (protocol === 'postgres:' || protocol === 'postgresql:') return { type: 'postgres', url };
  // Unlike Postgres, MySQL has no default database named like the user.
  if (!/^\/[^/]+$/.test(pathname)) return undefined;
  if (protocol === 'mysql:') return { type: 'mysql', url };
  return protocol === 'mariadb:' ? { type: 'mariadb', url } : undefined;
}

/** sqlite:tasks.db, sqlite:/var/lib/tasks.db and, with slashes that belong to a URL, sqlite:///var/lib/tasks.db */
function sqliteFile(url: string): string | undefined {
  const [, path = ''] = /^sqlite:(?:\/\/)?(.*)$/.exec(url) ?? [];
  return /[^/\s]/.test(path) && path !== ':memory:' ? path : undefined;
}
