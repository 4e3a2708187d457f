import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { Program } from './support/program.js';
import { RpcClient, v03Message } from './support/rpc.client.js';
import { ROOT, compile, emptyProject } from './support/snippets.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

const TYPEORM = path.join(ROOT, 'node_modules', 'typeorm', 'cli.js');
const NEST_A2A = path.join(process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist'), 'src', 'cli', 'main.js');

describe('an application with a DataSource and migrations of its own', () => {
  const project = emptyProject('own-database');
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    cpSync(path.join(import.meta.dirname, 'fixtures', 'own-database'), project, { recursive: true });
    expect(compile(project)).toBe('');
  }, 120_000);
  afterAll(async () => {
    rmSync(project, { recursive: true, force: true });
    await database.drop();
  });

  function command(program: string, ...args: string[]): { status: number | null; said: string } {
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, NO_COLOR: '1', DATABASE_URL: database.url };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: project,
      env,
      encoding: 'utf8',
    });
    return { status, said: stdout + stderr };
  }
  const typeorm = (...args: string[]) => command(TYPEORM, ...args, '-d', 'data-source.js');
  const nestA2a = (...args: string[]) => command(NEST_A2A, 'migrations', ...args);

  const start = (): Promise<Program> =>
    Program.start({
      command: process.execPath,
      args: ['main.js'],
      cwd: project,
      env: { DATABASE_URL: database.url },
      ready: (line) => /It listens on (\S+)/.exec(line)?.[1],
    });

  async function asked(sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
    } finally {
      await client.end();
    }
  }
  const tables = (): Promise<unknown[]> =>
    asked(`select table_name::text from information_schema.tables where table_schema = 'public' order by 1`);

  it('runs its own by the command of TypeORM, and does not start before ours have run', async () => {
    expect(typeorm('migration:run')).toMatchObject({ status: 0, said: expect.stringContaining('CreateInvoice') });
    expect(await tables()).toEqual(['invoice', 'migrations']);
    await expect(start()).rejects.toThrow(/Pending migrations: InitialSchema.*npx nest-a2a migrations run/s);
    expect(await tables()).toEqual(['invoice', 'migrations']);
  });

  it('has ours beside its own after nest-a2a migrations run, each in a table of its own', async () => {
    expect(nestA2a('run')).toEqual({ status: 0, said: expect.stringMatching(/^ran {2}InitialSchema/) });
    expect(nestA2a('run')).toEqual({ status: 0, said: 'The tables are up to date.\n' });
    expect(await tables()).toEqual(expect.arrayContaining(['a2a_migrations', 'a2a_task', 'invoice', 'migrations']));
    expect(await asked('select name from migrations')).toEqual(['CreateInvoice1700000000000']);
    expect(await asked('select name from a2a_migrations')).not.toContain('CreateInvoice1700000000000');
    expect(typeorm('migration:run').said).toContain('No migrations are pending');
  });

  it('shows TypeORM nothing to synchronize, and loses none of our tables when it does', async () => {
    const before = await tables();
    expect(typeorm('schema:log').said).toContain('Your schema is up to date');
    expect(typeorm('schema:sync').status).toBe(0);
    expect(await tables()).toEqual(before);
  });

  it('keeps tasks and its own rows over one pool', async () => {
    const app = await start();
    try {
      const rpc = new RpcClient(`${app.url}/a2a/agents/billing`, {});
      const task = await rpc.result('message/send', { message: v03Message('Ada') });
      expect(task).toMatchObject({ status: { state: 'completed' }, artifacts: [{ parts: [{ text: '1 invoices' }] }] });
    } finally {
      await app.stop();
    }
    expect(await asked('select customer from invoice')).toEqual(['Ada']);
    expect(await asked('select count(*)::int from a2a_task')).toEqual([1]);
  });

  it('keeps its tables and rows when ours are reverted, and ours are unaffected when its own are', async () => {
    expect(typeorm('migration:revert').status).toBe(0);
    expect(await tables()).toEqual(expect.arrayContaining(['a2a_task', 'migrations']));
    expect(await tables()).not.toContain('invoice');
    expect(typeorm('migration:run').status).toBe(0);
    const newestFirst = (await asked('select name from a2a_migrations order by id desc')) as string[];
    const refused = nestA2a('revert');
    expect(refused).toEqual({ status: 1, said: expect.stringContaining(`migrations revert ${newestFirst[0]}`) });
    for (const name of newestFirst) {
      expect(nestA2a('revert', name)).toEqual({ status: 0, said: `reverted  ${name}\n` });
    }
    expect(await tables()).toEqual(['a2a_migrations', 'invoice', 'migrations']);
  });
});
