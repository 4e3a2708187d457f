import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { edited } from './mutated-tree.mjs';
import { INVARIANTS, MUTATIONS } from './mutations.mjs';

const root = path.join(import.meta.dirname, '..', '..');

describe('the faults of npm run test:mutations', () => {
  it.each(MUTATIONS)('can still be made: $fault', ({ edits }) => {
    for (const edit of edits) {
      const text = readFileSync(path.join(root, edit.file), 'utf8');
      expect(edited(text, edit)).not.toBe(text);
    }
  });

  it('break every invariant', () => {
    const broken = new Set(MUTATIONS.map(({ invariant }) => String(invariant)));
    expect([...broken].sort()).toEqual(Object.keys(INVARIANTS).sort());
  });

  it('name tests that are there', () => {
    for (const { path: file } of MUTATIONS.flatMap(({ tests }) => tests)) {
      expect([`${file}.ts`, `${file}.e2e-spec.ts`].some((name) => existsSync(path.join(root, name)))).toBe(true);
    }
  });
});
