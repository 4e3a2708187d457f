import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { apiKeys } from '../../security/authentication/api-keys/api-key.authenticator.js';
import { expiryOf } from './expiry.js';
import { keysCommand } from './keys.command.js';

describe('nest-a2a keys', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-keys-'));
    file = path.join(directory, 'keys.json');
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const keys = (...args: string[]): Promise<string> => keysCommand.run([...args, '--file', file]);
  const caller = async (key: string) =>
    apiKeys({ file }).authenticate({
      binding: 'http',
      agent: 'a',
      headers: { 'x-api-key': key },
      certificate: () => undefined,
    });

  it('makes keys that the server accepts, shows them once, and revokes them', async () => {
    const [key = ''] = (
      await keys('add', '--owner', 'ci', '--tenant', 'acme', '--scopes', 'use, admin', '--expires', '90d')
    ).split('\n');
    await keys('add', '--owner', 'alice', '--name', 'laptop');
    expect(await caller(key)).toMatchObject({ owner: 'ci', tenant: 'acme', claims: { scopes: ['use', 'admin'] } });
    expect(readFileSync(file, 'utf8')).not.toContain(key.slice(21));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const listed = await keys('list');
    expect(listed).toMatch(/ID +STATE +OWNER/);
    expect(listed).toMatch(/valid +ci +acme +use,admin/);
    expect(listed).toMatch(/valid +alice +- +- +never +laptop/);
    const [, id = ''] = key.split('_');
    expect(await keys('revoke', id)).toContain('is revoked');
    expect(await keys('list')).toMatch(new RegExp(`${id} +revoked`));
    await expect(caller(key)).rejects.toThrow('The API key is not valid.');
    expect(readdirSync(directory)).toEqual(['keys.json']);
  });

  it.each([
    ['Say who uses the key', ['add']],
    ["Unknown option '--ownr'", ['add', '--ownr', 'ci']],
    ['--expires must be like 90d', ['add', '--owner', 'ci', '--expires', 'soon']],
    ['is in the past', ['add', '--owner', 'ci', '--expires', '2020-01-01']],
    ['cannot be read (ENOENT)', ['list']],
    ['Say which key', ['revoke']],
    ['Usage: nest-a2a keys', ['remove']],
  ])('says what is wrong: %s', async (text, args) => {
    await expect(keys(...args)).rejects.toThrow(text);
  });

  it('does not change a file that another command is changing, nor one that is not of keys', async () => {
    writeFileSync(`${file}.new`, '');
    await expect(keys('add', '--owner', 'ci')).rejects.toThrow('another command is changing');
    rmSync(`${file}.new`);
    writeFileSync(file, '{}');
    await expect(keys('add', '--owner', 'ci')).rejects.toThrow('must be {"keys":[…]}');
    expect(readFileSync(file, 'utf8')).toBe('{}');
    expect(readdirSync(directory)).toEqual(['keys.json']);
  });

  it('wants to know where the keys are, in one place', async () => {
    const run = (...args: string[]): Promise<string> => keysCommand.run(['list', ...args]);
    await expect(run()).rejects.toThrow('Name the file of the keys');
    await expect(run('--file', file, '--database-url', 'postgres://h/d')).rejects.toThrow('and not both');
  });

  it('knows days, hours and dates', () => {
    expect(expiryOf('2d', 0)).toBe('1970-01-03T00:00:00.000Z');
    expect(expiryOf('12h', 0)).toBe('1970-01-01T12:00:00.000Z');
    expect(expiryOf('2030-01-31', 0)).toBe('2030-01-31T00:00:00.000Z');
  });
});
