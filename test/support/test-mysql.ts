import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';

/** A database of its own for one suite, on a MySQL or MariaDB. */
export interface TestMysql {
  /** How the server calls itself. */
  readonly type: 'mysql' | 'mariadb';
  readonly url: string;
  /** Statements as root, on the suite's database. */
  query(sql: string): Promise<unknown>;
  drop(): Promise<void>;
}

const DEFAULT_URL = 'mysql://root@127.0.0.1:3306';

/**
 * The server that A2A_TEST_MYSQL_URL names (its user makes and drops databases), else one on this machine without a password.
 * undefined, and a line that says so: there is none. A server that was named must be there.
 */
export async function createTestMysql(): Promise<TestMysql | undefined> {
  const named = process.env.A2A_TEST_MYSQL_URL;
  const server = named ?? DEFAULT_URL;
  try {
    const connection = await createConnection(server);
    const [[row]] = (await connection.query('select version() as version')) as unknown as [[{ version: string }]];
    await connection.end();
    return await createDatabase(server, row.version.includes('MariaDB') ? 'mariadb' : 'mysql');
  } catch (error) {
    if (named) throw error;
    console.warn(
      `SKIPPED: no MySQL or MariaDB at ${DEFAULT_URL} (${String(error)}). A2A_TEST_MYSQL_URL names another.`,
    );
    return undefined;
  }
}

async function createDatabase(server: string, type: TestMysql['type']): Promise<TestMysql> {
  const name = `a2a_test_${randomBytes(8).toString('hex')}`;
  const run = async (sql: string, database?: string): Promise<unknown> => {
    const connection = await createConnection({ uri: server, database });
    try {
      return (await connection.query(sql))[0];
    } finally {
      await connection.end();
    }
  };
  // What servers are made with that nobody thought about: it compares without case, and takes spaces at the end for nothing.
  await run(`create database ${name} character set utf8mb4 collate utf8mb4_general_ci`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  url.protocol = `${type}:`;
  return {
    type,
    url: url.href,
    query: (sql) => run(sql, name),
    drop: async () => void (await run(`drop database if exists ${name}`)),
  };
}
