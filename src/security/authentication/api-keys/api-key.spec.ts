import { describe, expect, it } from '@jest/globals';
import { apiKeyId, isKeyOf, newApiKey } from './api-key.js';
import { formatApiKeys, parseApiKeys } from './api-key-records.js';

describe('an API key', () => {
  it('is found by its id and matches its hash, which says nothing of it', () => {
    const { key, id, hash } = newApiKey();
    expect(apiKeyId(key)).toBe(id);
    expect(isKeyOf({ hash }, key)).toBe(true);
    expect(isKeyOf({ hash }, newApiKey().key)).toBe(false);
    expect(isKeyOf({ hash: '' }, key)).toBe(false);
    expect(hash).not.toContain(key.slice(21));
    expect(newApiKey().key).not.toBe(key);
  });

  it.each(['', 'a2a_', 'a2a_0123456789abcdef_short', `x${newApiKey().key}`, `${newApiKey().key}x`])(
    'is not %p',
    (text) => {
      expect(apiKeyId(text)).toBeUndefined();
    },
  );
});

describe('a file of API keys', () => {
  const { key: _key, ...made } = newApiKey();
  const record = { ...made, owner: 'alice', scopes: ['use'], expiresAt: '2030-01-31T00:00:00.000Z' };
  const file = (fields: object): string => JSON.stringify({ keys: [{ ...record, ...fields }] });

  it('is read as it was written', () => {
    expect(parseApiKeys(formatApiKeys([record]), 'keys.json')).toEqual([record]);
  });

  it.each([
    ['keys.json is not JSON', '{'],
    ['keys.json must be {"keys":[…]}', '[]'],
    ['keys[0] of keys.json has no valid owner', file({ owner: '' })],
    ['keys[0] of keys.json has no valid hash', file({ hash: 'plain-text-key' })],
    ['keys[0] of keys.json has no valid expiresAt', file({ expiresAt: 'soon' })],
    ['keys[0] of keys.json has no valid scopes', file({ scopes: 'use' })],
    ['keys[0] of keys.json has the field expires, which is unknown', file({ expires: '2030-01-31' })],
    ['Two keys of keys.json have one id', formatApiKeys([record, record])],
  ])('is refused: %s', (text, content) => {
    expect(() => parseApiKeys(content, 'keys.json')).toThrow(text);
    if (content.includes('plain-text-key')) expect(() => parseApiKeys(content, 'k')).not.toThrow(/plain-text/);
  });
});
