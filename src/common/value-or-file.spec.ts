import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { valueOrFile } from './value-or-file.js';

describe('valueOrFile', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-value-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(directory, name), text);
    return path.join(directory, name);
  };

  it('takes the variable, or the text of its file, or nothing', () => {
    expect(valueOrFile({ URL: ' redis://h ' }, 'URL')).toBe('redis://h');
    expect(valueOrFile({ URL_FILE: file('url', 'redis://:secret@h\n') }, 'URL')).toBe('redis://:secret@h');
    expect(valueOrFile({ URL: '', URL_FILE: ' ' }, 'URL')).toBeUndefined();
  });

  it.each([
    ['URL and URL_FILE must not be set both', { URL: 'redis://h', URL_FILE: '/nowhere' }],
    ['URL_FILE must be a readable file, but /nowhere cannot be read (ENOENT)', { URL_FILE: '/nowhere' }],
    ['URL_FILE must be a readable file, but / cannot be read (not a file)', { URL_FILE: '/' }],
    ['is empty', { URL_FILE: file('empty', ' \n') }],
    ['larger than 65536 bytes', { URL_FILE: file('large', 'secret'.repeat(20_000)) }],
  ])('says what is wrong and nothing of the value: %s', (problem, env) => {
    expect(() => valueOrFile(env, 'URL')).toThrow(problem);
    expect(() => valueOrFile(env, 'URL')).not.toThrow(/secret/);
  });
});
