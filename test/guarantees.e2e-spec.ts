import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './support/snippets.js';

/** `- A promise.` and below it, indented, ``- `file`: _words of a test's name_``. */
const PROOF = /^ {2}- `([^`]+)`: _(.+)_$/;

interface Promised {
  readonly sentence: string;
  readonly proofs: readonly (readonly [file: string, words: string])[];
}

/** Lines of a sentence that go on below it belong to it. */
function promises(page: string): Promised[] {
  const found: { sentence: string; proofs: (readonly [string, string])[] }[] = [];
  for (const line of page.split('\n')) {
    const [, file, words] = PROOF.exec(line) ?? [];
    if (line.startsWith('- ')) found.push({ sentence: line.slice(2), proofs: [] });
    else if (file !== undefined && words !== undefined) found.at(-1)?.proofs.push([file, words]);
  }
  return found;
}

/** What the file says of tests: the source without the line breaks and quotes of long names. */
function hasTest(file: string, words: string): boolean {
  const source = path.join(ROOT, file);
  if (!existsSync(source)) return false;
  const names = [...readFileSync(source, 'utf8').matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g)];
  return names.some(([, , name = '']) => name.replaceAll('\\', '').includes(words));
}

describe('docs/guarantees.md', () => {
  const all = promises(readFileSync(path.join(ROOT, 'docs', 'guarantees.md'), 'utf8'));

  it('makes promises', () => expect(all.length).toBeGreaterThan(20));

  it('names a test for each promise', () => {
    expect(all.filter(({ proofs }) => proofs.length === 0).map(({ sentence }) => sentence)).toEqual([]);
  });

  it('names tests that there are', () => {
    const missing = all.flatMap(({ proofs }) => proofs.filter(([file, words]) => !hasTest(file, words)));
    expect(missing).toEqual([]);
  });
});
