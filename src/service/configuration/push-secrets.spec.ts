import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { jwkOf, newKey } from '../../../test/support/signing-keys.js';
import { pushSecrets } from './push-secrets.js';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const jwk = { ...jwkOf(newKey('EdDSA')), kid: 'a' };
const encryption = { id: 'one', key: randomBytes(32).toString('base64') };

describe('the file of webhook secrets', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-push-secrets-'));
  const file = path.join(directory, 'webhooks.json');
  const write = (content: unknown): void =>
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  beforeAll(() => {
    write({});
    chmodSync(file, 0o600);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('has secrets, keys and encryption keys, each optional', () => {
    write({ secrets: [secret], keys: [jwk], encryptionKeys: [encryption] });
    expect(pushSecrets(file)).toEqual({
      signing: { secrets: [secret], keys: [{ privateKey: jwk }] },
      encryptionKeys: [encryption],
    });
    write({ encryptionKeys: [encryption] });
    expect(pushSecrets(file)).toEqual({ encryptionKeys: [encryption] });
    write({});
    expect(pushSecrets(file)).toEqual({});
  });

  it.each<[string, unknown]>([
    ['is not JSON', '{'],
    ['is not a JSON object', '[]'],
    ['may have only the members secrets, keys, encryptionKeys', { secret }],
    ['pushNotifications.signing.secrets[0] must be whsec_', { secrets: [secret.slice(0, 20)] }],
    ['is not a JWK set', { keys: 'x' }],
    ['keys[0] of', { keys: [{ ...jwk, kty: 'EC' }] }],
    ['pushNotifications.encryptionKeys[0].key must be 32 random bytes', { encryptionKeys: [{ id: 'a', key: 'AAAA' }] }],
  ])('refuses what %s, by the name of the variable, and shows nothing of it', (text, content) => {
    write(content);
    let message = '';
    try {
      pushSecrets(file);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('A2A_PUSH_SECRETS_FILE');
    expect(message).toContain(text);
    expect(message).not.toContain(secret.slice(6, 20));
    expect(message).not.toContain(jwk.d);
  });

  it('refuses one that others can read', () => {
    write({});
    chmodSync(file, 0o644);
    expect(() => pushSecrets(file)).toThrow(`A2A_PUSH_SECRETS_FILE: ${file} contains secrets`);
    chmodSync(file, 0o600);
  });
});
