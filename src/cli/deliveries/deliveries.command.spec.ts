import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { openPostgresStores } from '../../tasks/sql/postgres/open-stores.js';
import type { OpenStores } from '../../tasks/stores.js';
import { at, begin, caller, pushConfig, type Writer } from '../../testing/contracts/fixtures.js';
import { artifact, due } from '../../testing/contracts/outbox/support.js';
import { auditCommand } from '../audit/audit.command.js';
import { deliveriesCommand } from './deliveries.command.js';

const WEBHOOK = 'the hook \u009b31m';

describe('nest-a2a deliveries', () => {
  let database: TestDatabase;
  let stores: OpenStores;

  const environment = { ...process.env };
  beforeEach(async () => {
    database = await createTestDatabase();
    stores = await openPostgresStores(database.url);
  });
  afterEach(async () => {
    process.env = { ...environment };

    await stores.close();
    await database.drop();
  });
  const deliveries = (...args: string[]): Promise<string> =>
    deliveriesCommand.run([...args, '--database-url', database.url]);

  /** A task with dead letters for some events; gives their ids, oldest first. */
  async function buried(count: number): Promise<{ readonly writer: Writer; readonly ids: string[] }> {
    const context = caller();
    const writer = await begin(stores, context);
    await stores.pushConfigs.put(context, writer.run.taskId, pushConfig(WEBHOOK), 10);
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      await writer.write(artifact(`part ${n}`));
      const [entry] = await due(stores, [writer]);
      await stores.outbox.deadLetter(entry!.id, 'enough', {
        at: at(n),
        status: 503,
        ms: 7,
        excerpt: 'down for repair',
      });
      ids.push(entry!.id);
    }
    return { writer, ids };
  }

  it('lists dead letters, newest first, and shows one with its attempts', async () => {
    expect(await deliveries('list')).toBe('There are no dead letters.');
    const { writer, ids } = await buried(3);
    const { taskId } = writer.run;
    const [head, ...lines] = (await deliveries('list')).split('\n');
    expect(head).toMatch(/^ID +TASK +EVENT +WEBHOOK +ATTEMPTS +SINCE +LAST ANSWER$/);
    expect(lines.map((line) => line.split(' ')[0])).toEqual([...ids].reverse());
    expect(lines[0]).toContain(`${taskId}  4      "the hook \\u{9b}31m"  1 `);
    expect(lines[0]).toMatch(/ {2}503$/);
    expect(await deliveries('list', '--limit', '2')).toMatch(/^(.*\n){3}There are more: see --limit\.$/);
    expect(await deliveries('list', '--webhook', 'another')).toBe('There are no dead letters.');
    expect(await deliveries('list', '--owed')).toBe('Nothing is owed.');
    const shown = await deliveries('show', ids[0]!);
    expect(shown).toContain(`task:     ${taskId}\nevent:    2\n`);
    expect(shown).toContain('url:      https://example.invalid/hook\nattempts: 1\ngiven up: 20');
    expect(shown).toContain(`reason:   enough\n  ${at(0)}  503  7 ms  down for repair`);
    expect(shown).not.toContain('\u009b');
    await expect(deliveries('show', '999')).rejects.toThrow('There is no delivery "999".');
  });

  it('makes dead letters due again, by their ids or those of a task', async () => {
    const { writer, ids } = await buried(3);
    expect(await deliveries('redrive', ids[1]!)).toBe('1 dead letters are due again.');
    expect(await deliveries('list', '--owed')).toContain(ids[1]);
    expect(await deliveries('redrive', '--task', writer.run.taskId)).toBe('2 dead letters are due again.');
    expect((await stores.admin.deliveries({ state: 'owed' })).rows.map(({ id }) => id)).toEqual([...ids].reverse());
    await expect(deliveries('redrive', ids[0]!, '999')).rejects.toThrow(
      '1 dead letters are due again.\nThere is no dead letter "999".',
    );
  });

  it('drops dead letters, and records each in the table of the audit trail', async () => {
    const { writer, ids } = await buried(3);
    process.env.A2A_AUDIT = 'database';
    process.env.A2A_AUDIT_HASH_CHAIN = 'true';
    expect(await deliveries('drop', ids[0]!)).toBe('1 dead letters are deleted.');
    await expect(deliveries('drop', ids[0]!)).rejects.toThrow('There is no dead letter');
    expect(await deliveries('drop', '--task', writer.run.taskId, '--webhook', WEBHOOK)).toContain('2 dead letters');
    expect(await deliveries('list')).toBe('There are no dead letters.');
    expect(await auditCommand.run(['verify', '--database-url', database.url])).toMatch(/^4 records in 4 chains: each/);
  });

  it('records acts in the file of the audit trail', async () => {
    const { writer, ids } = await buried(1);
    const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-deliveries-'));
    const file = path.join(directory, 'audit.jsonl');
    Object.assign(process.env, { A2A_AUDIT: 'log', A2A_AUDIT_FILE: file });
    await deliveries('redrive', ids[0]!);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      ...{ kind: 'admin', action: 'redrive-delivery', outcome: 'ok', binding: 'cli' },
      ...{ owner: os.userInfo().username, taskId: writer.run.taskId },
    });
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['Usage: nest-a2a deliveries list, show, redrive or drop', ['resend']],
    ['Say which: its id.', ['show']],
    ['Say which: their ids, or --task TASK.', ['redrive']],
    ['Say which: their ids, or --task TASK.', ['drop', '1', '--task', 'x']],
    ['--limit must be a number from 1 to 1000000.', ['list', '--limit', 'all']],
    ["Unknown option '--dead'", ['list', '--dead']],
  ])('says what is wrong: %s', async (text, args) => {
    await expect(deliveries(...args)).rejects.toThrow(text);
  });
});
