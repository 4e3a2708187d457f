import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './support/snippets.js';

/** What the script complains of; '' when it ends well. */
function run(...args: string[]): string {
  const script = path.join(ROOT, '.tooling', 'conformance-page.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  expect(status).toBe(stderr === '' ? 0 : 1);
  return stderr;
}

describe('docs/conformance.md', () => {
  it('is what the tests say, each MUST has one or says why not, and no test names what there is not', () => {
    expect(run('--check')).toBe('');
  });
});

describe('npm run docs:conformance', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'a2a-conformance-page-'));
    for (const folder of ['docs', 'test/conformance']) mkdirSync(path.join(root, folder), { recursive: true });
    requirements([
      { id: 'C1', level: 'MUST', section: '3.1.1', text: 'One | of two.' },
      { id: 'C2', level: 'SHOULD', section: '3.2', text: 'Soon.' },
    ]);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (file: string, text: string): void => writeFileSync(path.join(root, file), text);
  const requirements = (rows: object[]): void =>
    write('test/conformance/requirements.json', JSON.stringify([{ title: 'Sending', requirements: rows }]));
  const tests = (...lines: string[]): void =>
    write('test/some.e2e-spec.ts', ["import { describe, it } from '@jest/globals';", ...lines].join('\n'));
  const page = (): string => readFileSync(path.join(root, 'docs', 'conformance.md'), 'utf8');
  const make = (...args: string[]): string => run(`--root=${root}`, ...args);
  const rowOf = (id: string): string | undefined =>
    page()
      .split('\n')
      .find((line) => line.startsWith(`| ${id} |`));

  it('finds ids in the names of tests and of groups, also of those with a table', () => {
    tests(
      "it('C1: one', () => {});",
      "it.each([1])('C1, C2: %s | two', () => {});",
      'describe.each(ALL)(`C2: three`, () => {});',
      "it('C2 is not at its beginning: four', () => {});",
      "expect('C2: no test');",
    );
    expect(make()).toBe('');
    const file = '`test/some.e2e-spec.ts`';
    expect(rowOf('C1')).toBe(`| C1 | MUST | 3.1.1 | One \\| of two. | ${file}: one<br>${file}: %s \\| two |`);
    expect(rowOf('C2')).toBe(`| C2 | SHOULD | 3.2 | Soon. | ${file}: %s \\| two<br>${file}: three |`);
    expect(make('--check')).toBe('');
  });

  it('complains of a page that is stale, and does not touch it', () => {
    tests("it('C1: one', () => {});");
    make();
    const before = page();
    tests("it('C1: another', () => {});");
    expect(make('--check')).toContain('docs/conformance.md is not what the tests say now');
    expect(page()).toBe(before);
    make();
    expect(make('--check')).toBe('');
  });

  it('complains of a MUST without a test, unless it says why', () => {
    tests("it('C2: one', () => {});");
    expect(make()).toContain('C1 is a MUST and has no test');
    requirements([{ id: 'C1', level: 'MUST', section: '3', text: 'One.', untested: 'Not ours.' }]);
    tests();
    expect(make()).toBe('');
    expect(rowOf('C1')).toContain('_none: Not ours._');
  });

  it('complains of an id that there is not', () => {
    tests("it('C1, J99: one', () => {});");
    expect(make()).toContain('test/some.e2e-spec.ts: J99 is not in');
  });
});
