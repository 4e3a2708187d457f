import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of its own for one suite, on the server that the test run started (or that A2A_TEST_DATABASE_URL names). */
export interface TestDatabase {
  readonly url: string;
  /** Of a database that is no Postgres: how it is asked directly. */
  query?(sql: string): Promise<unknown>;
  drop(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env.A2A_TEST_DATABASE_URL;
  if (!url)
    throw new Error(
      'A2A_TEST_DATABASE_URL is not set: run the tests with `npm test`, which starts a Postgres and sets it.',
    );
  return url;
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `a2a_test_${randomBytes(8).toString('hex')}`;
  await onServer(`create database ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) };
}
