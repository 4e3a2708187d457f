import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { type EncryptionKey, SecretBox } from './secret-box.js';

const newKey = (id: string): EncryptionKey => ({ id, key: randomBytes(32).toString('base64') });
const old = newKey('2026-10');
const current = newKey('2026-11');
const place = ['task', 'config', 'token'];
const boxOf = (...keys: EncryptionKey[]): SecretBox => new SecretBox(keys, 'keys');

describe('SecretBox', () => {
  it.each(['', 'a secret', 'é€😀', 'x'.repeat(4096)])('opens what it sealed: %#', (text) => {
    const box = boxOf(current);
    const sealed = box.seal(text, place);
    expect(sealed).toMatch(/^sealed:v1:2026-11:[\w-]+$/);
    expect(box.open(sealed, place)).toBe(text);
  });

  it('never makes the same twice', () => {
    const box = boxOf(current);
    expect(box.seal('a', place)).not.toBe(box.seal('a', place));
  });

  it('opens with old keys and seals with the first', () => {
    const sealed = boxOf(old).seal('a', place);
    const box = boxOf(current, old);
    expect(box.open(sealed, place)).toBe('a');
    expect(box.seal('a', place)).toContain(':2026-11:');
  });

  it('returns what was stored before there were keys', () => {
    expect(boxOf(current).open('plain', place)).toBe('plain');
  });

  it('names the key that is missing', () => {
    const sealed = boxOf(old).seal('a', place);
    expect(() => boxOf(current).open(sealed, place)).toThrow("with the key '2026-10', which is not configured");
  });

  it.each<[string, (sealed: string) => string, string[]]>([
    ['moved to another row', (sealed) => sealed, ['other', 'config', 'token']],
    ['moved to another column', (sealed) => sealed, ['task', 'config', 'credentials']],
    ['changed', (sealed) => sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA'), place],
    ['cut off', (sealed) => sealed.slice(0, 30), place],
    ['under another name', (sealed) => sealed.replace('2026-11', '2026-10'), place],
  ])('does not open what was %s', (_, change, at) => {
    const box = boxOf(current, old);
    expect(() => box.open(change(box.seal('a', place)), at)).toThrow();
  });

  it.each<[string, unknown]>([
    ['keys must be an array of 1 to 16 keys', []],
    ['keys[0].id must be letters', [{ id: 'a b', key: current.key }]],
    ['keys[1].id must be letters', [current, current]],
    ['keys[0].key must be 32 random bytes', [{ id: 'a', key: 'c2hvcnQ=' }]],
    ['keys[0].key must be 32 random bytes', [{ id: 'a' }]],
    ['keys[0].id must be', [null]],
  ])('refuses at boot: %s', (text, keys) => {
    expect(() => new SecretBox(keys as EncryptionKey[], 'keys')).toThrow(text);
  });
});
