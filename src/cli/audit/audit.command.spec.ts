import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AUDIT_DEFAULTS } from '../../audit/audit.options.js';
import { AuditTrail } from '../../audit/audit.trail.js';
import { auditFile } from '../../audit/json-lines.sink.js';
import { CliError } from '../cli.error.js';
import { auditCommand } from './audit.command.js';

const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-audit-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = path.join(directory, 'audit.jsonl');

const verify = (...args: string[]): Promise<string> => auditCommand.run(['verify', ...args]);

async function written(count: number, hashChain = true): Promise<void> {
  const trail = new AuditTrail({ sink: auditFile(file), settings: { ...AUDIT_DEFAULTS, flushMs: 1, hashChain } });
  for (let n = 0; n < count; n++)
    trail.record({ kind: 'operation', action: 'SendMessage', outcome: 'ok', owner: 'alice', taskId: `t${n}` });
  await trail.end();
}

describe('nest-a2a audit verify', () => {
  let lines: string[];
  beforeAll(async () => {
    await written(3);
    await written(2);
    lines = readFileSync(file, 'utf8').split('\n');
  });
  beforeEach(() => writeFileSync(file, lines.join('\n')));
  const change = (edit: (lines: string[]) => string[]): void => writeFileSync(file, edit([...lines]).join('\n'));

  it('says that a trail of two processes is whole, in a file that only its owner can read', async () => {
    expect(await verify(file)).toBe('5 records in 2 chains: each follows from the one before it.');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    [
      'a changed record',
      (all: string[]) => all.map((line) => line.replace('"taskId":"t1"', '"taskId":"t9"')),
      /record 2 of chain .* was changed/,
    ],
    ['a removed record', (all: string[]) => all.filter((_, index) => index !== 1), /goes from record 1 to 3/],
    ['records in another order', ([a, b, ...rest]: string[]) => [b!, a!, ...rest], /goes from record 2 to 1/],
    [
      'a record that was put in',
      (all: string[]) => [all[0]!, all[0]!.replace('alice', 'bob'), ...all.slice(1)],
      /goes from record 1 to 1/,
    ],
    ['a line that is no record', (all: string[]) => ['{}', ...all], /Line 1 is no record/],
    [
      'a first record with another past',
      (all: string[]) => [all[0]!.replace(/"prev":"0/, '"prev":"1'), ...all.slice(1)],
      /is the first record/,
    ],
  ])('finds %s', async (_what, edit, problem) => {
    change(edit);
    await expect(verify(file)).rejects.toThrow(problem);
    await expect(verify(file)).rejects.toThrow(CliError);
  });

  it('accepts a record that was written twice, and the first ones missing, as after retention', async () => {
    change((all) => [...all.slice(1, 2), ...all.slice(1)]);
    expect(await verify(file)).toMatch(/1 of the chains begin later/);
  });

  it('says that there is no chain', async () => {
    rmSync(file);
    await written(1, false);
    await expect(verify(file)).rejects.toThrow(/written without a hash chain/);
  });

  it.each([
    [['check'], /Usage/],
    [['verify', path.join(directory, 'none')], /cannot be read: ENOENT/],
    [['verify', '--database-url', 'x'], /database must be/],
    [['verify', '--nothing'], /Unknown option/],
  ])('refuses %j', async (args, problem) => {
    await expect(auditCommand.run(args)).rejects.toThrow(problem);
  });
});
