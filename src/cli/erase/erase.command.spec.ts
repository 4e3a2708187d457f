import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { userInfo } from 'node:os';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { openPostgresStores } from '../../tasks/sql/postgres/open-stores.js';
import type { OpenStores } from '../../tasks/stores.js';
import { begin, caller, chunk, incoming, pushConfig, status } from '../../testing/contracts/fixtures.js';
import { holdCommand } from '../hold/hold.command.js';
import { eraseCommand } from './erase.command.js';

const ALICE = 'alice@corp.example';
const PLANTED = 'a secret of Alice';

describe('nest-a2a erase', () => {
  let database: TestDatabase;
  let stores: OpenStores;
  beforeEach(async () => {
    database = await createTestDatabase();
    stores = await openPostgresStores(database.url);
  });
  afterEach(async () => {
    await stores.close();
    await database.drop();
  });
  const url = (): string[] => ['--database-url', database.url];
  const erase = (...args: string[]): Promise<string> => eraseCommand.run([...args, ...url()]);

  /** Every row of every table, as text. */
  async function everything(): Promise<string> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const tables = await client.query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = current_schema() and tablename like 'a2a%'`,
      );
      const texts: string[] = [];
      for (const { name } of tables.rows) {
        texts.push(
          ...(await client.query<{ row: string }>(`select row_to_json(t)::text as row from ${name} t`)).rows.map(
            ({ row }) => row,
          ),
        );
      }
      return texts.join('\n');
    } finally {
      await client.end();
    }
  }

  /** A task that ended, with a webhook that is owed something, and one that runs and has a message waiting. */
  async function populate(owner: string, tenant: string, text: string): Promise<void> {
    const context = caller({ owner, tenant });
    const ended = await begin(stores, context);
    await stores.pushConfigs.put(
      context,
      ended.run.taskId,
      pushConfig('w', { url: `https://${owner.split('@')[0]}.example/` }),
      10,
    );
    await ended.write(chunk(text), status('TASK_STATE_COMPLETED'));
    const running = await begin(stores, context);
    await running.write(chunk(text));
    await stores.inbox.put(context, running.run.taskId, incoming(text), 'digest', 10);
  }

  it('deletes all data of an owner in all tenants, and nothing of others', async () => {
    for (const tenant of ['', 'acme']) await populate(ALICE, tenant, PLANTED);
    await populate('bob', '', 'a text of Bob');
    expect(await everything()).toContain(PLANTED);
    expect(await everything()).toContain(ALICE);
    await expect(erase('--owner', ALICE)).rejects.toThrow(`"${ALICE}" has 4 tasks. To delete them`);
    expect(await erase('--owner', ALICE, '--yes')).toMatch(
      /^Deleted of "alice@corp.example": 4 tasks, \d+ events, \d+ bytes, 2 webhooks.\nThe storage was searched again: it has no task/,
    );
    const left = await everything();
    for (const text of [PLANTED, ALICE, 'alice.example']) expect(left).not.toContain(text);
    expect((await stores.tasks.list(caller({ owner: 'bob' }), {})).tasks).toHaveLength(2);
    expect(left).toContain('a text of Bob');
  });

  it('deletes the data in one tenant only, if you say so', async () => {
    for (const tenant of ['', 'acme']) await populate(ALICE, tenant, PLANTED);
    expect(await erase('--owner', ALICE, '--tenant', 'acme', '--yes')).toContain('2 tasks');
    expect((await stores.tasks.list(caller({ owner: ALICE }), {})).tasks).toHaveLength(2);
  });

  it('refuses while the owner is under a legal hold', async () => {
    await populate(ALICE, '', PLANTED);
    const hold = (...args: string[]): Promise<string> => holdCommand.run([...args, ...url()]);
    await hold('place', '--owner', ALICE, '--reason', 'case 7');
    expect(await hold('list')).toMatch(/^\d{4}-.*Z {2}"alice@corp.example" {2}case 7$/);
    await expect(erase('--owner', ALICE, '--yes')).rejects.toThrow(/under a legal hold since .* Lift it first/);
    expect((await stores.tasks.list(caller({ owner: ALICE }), {})).tasks).toHaveLength(2);
    await hold('lift', '--owner', ALICE);
    await expect(hold('lift', '--owner', ALICE)).rejects.toThrow('is not under a hold');
    expect(await erase('--owner', ALICE, '--yes')).toContain('2 tasks');
    expect(await hold('list')).toBe('There are no holds.');
  });

  it('leaves a record of each act where the service has its audit trail in the database', async () => {
    const environment = { ...process.env };
    process.env.A2A_AUDIT = 'database';
    try {
      await populate('bob', '', 'a text of Bob');
      await holdCommand.run(['place', '--owner', 'bob', '--reason', 'case 7', ...url()]);
      await expect(erase('--owner', 'bob', '--yes')).rejects.toThrow('legal hold');
      await holdCommand.run(['lift', '--owner', 'bob', ...url()]);
      await expect(holdCommand.run(['lift', '--owner', 'bob', ...url()])).rejects.toThrow('is not under a hold');
      await erase('--owner', 'bob', '--tenant', 'acme', '--yes');
    } finally {
      process.env = environment;
    }
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client
      .query<{ record: string }>('select record from a2a_audit order by id')
      .finally(() => client.end());
    const records = rows.map(({ record }) => JSON.parse(record) as Record<string, unknown>);
    const by = { kind: 'admin', owner: userInfo().username, subject: 'bob', binding: 'cli' };
    expect(records).toMatchObject([
      { ...by, action: 'place-hold', outcome: 'ok' },
      { ...by, action: 'erase-owner', outcome: 'forbidden', reason: 'LegalHoldError' },
      { ...by, action: 'lift-hold', outcome: 'ok' },
      { ...by, action: 'lift-hold', outcome: 'not-found' },
      { ...by, action: 'erase-owner', outcome: 'ok', tenant: 'acme' },
    ]);
    expect(JSON.stringify(records)).not.toContain('case 7');
  });

  it('never makes or changes tables', async () => {
    const empty = await createTestDatabase();
    try {
      const erased = eraseCommand.run(['--owner', ALICE, '--yes', '--database-url', empty.url]);
      await expect(erased).rejects.toThrow(/migrations/);
    } finally {
      await empty.drop();
    }
  });
});

it.each([
  ['Say whose data: --owner OWNER', eraseCommand, []],
  ["Unknown option '--ownr'", eraseCommand, ['--ownr', 'x']],
  ['Usage: nest-a2a hold place, lift or list', holdCommand, ['put']],
  ['Say why: --reason TEXT', holdCommand, ['place', '--owner', 'x']],
  [
    '--reason must have at most 500 characters, but has 501.',
    holdCommand,
    ['place', '--owner', 'x', '--reason', 'x'.repeat(501)],
  ],
  ['The database must be a URL of a database', holdCommand, ['list', '--database-url', 'nowhere']],
])('says what is wrong: %s', async (text, command, args) => {
  await expect(command.run(args)).rejects.toThrow(text);
});
