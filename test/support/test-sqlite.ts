import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for a SQLite file of one suite. */
export interface TestSqlite {
  readonly file: string;
  drop(): void;
}

/** undefined, and a line that says so: better-sqlite3, a native module that nobody has to have, cannot be loaded. */
export async function createTestSqlite(): Promise<TestSqlite | undefined> {
  try {
    const name = 'better-sqlite3';
    const { default: Database } = (await import(name)) as { default: new (file: string) => { close(): void } };
    new Database(':memory:').close();
  } catch (error) {
    const [reason] = String(error).split('\n');
    console.warn(`SKIPPED: SQLite in a file (${reason}). To run it: npm install --no-save better-sqlite3@12`);
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), 'a2a-test-sqlite-'));
  return {
    file: join(directory, 'made', 'tasks.db'),
    drop: () => rmSync(directory, { recursive: true, force: true }),
  };
}
