import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { jwkOf, newKey, publicJwkOf } from '../../../test/support/signing-keys.js';
import { cardSettings } from './card.settings.js';
import { ConfigurationError } from './configuration.error.js';
import { loadEnvironment } from './load-environment.js';

const log = { warn: () => undefined };
const settings = (env: Record<string, string>) => cardSettings(loadEnvironment(env, log));

describe('the settings of cards', () => {
  it('are none by default', () => expect(settings({})).toEqual({}));

  it('name the provider, as a whole', () => {
    const url = 'https://acme.example';
    expect(settings({ A2A_PROVIDER_ORGANIZATION: 'ACME', A2A_PROVIDER_URL: url })).toEqual({
      provider: { organization: 'ACME', url },
    });
    expect(() => settings({ A2A_PROVIDER_URL: url })).toThrow(
      'A2A_PROVIDER_ORGANIZATION must be set when A2A_PROVIDER_URL is',
    );
    expect(() => settings({ A2A_PROVIDER_ORGANIZATION: 'ACME' })).toThrow('A2A_PROVIDER_URL must be set');
    expect(() => settings({ A2A_PROVIDER_ORGANIZATION: 'ACME', A2A_PROVIDER_URL: 'acme' })).toThrow(
      'A2A_PROVIDER_URL must be',
    );
  });

  describe('with a file of keys', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-card-keys-'));
    const file = path.join(directory, 'keys.json');
    const key = newKey('EdDSA');
    const old = publicJwkOf(newKey('ES256'));
    const problem = (given: string): string => {
      try {
        settings({ A2A_CARD_KEYS_FILE: given });
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
        return (error as Error).message;
      }
      throw new Error('it was taken');
    };
    beforeAll(() => {
      writeFileSync(file, JSON.stringify({ keys: [{ ...jwkOf(key), kid: 'k' }, old] }), { mode: 0o600 });
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    it('sign by the private ones and show the others', () => {
      const keys = [{ privateKey: { ...jwkOf(key), kid: 'k' } }, { publicKey: old }];
      expect(settings({ A2A_CARD_KEYS_FILE: file })).toEqual({ signing: { keys } });
      chmodSync(file, 0o400);
      expect(settings({ A2A_CARD_KEYS_FILE: file })).toEqual({ signing: { keys } });
    });

    it.each([0o640, 0o604, 0o620, 0o666])('refuse one of mode %o, which others have access to', (mode) => {
      chmodSync(file, mode);
      expect(problem(file)).toContain(`A2A_CARD_KEYS_FILE: ${file} contains secrets`);
      expect(problem(file)).toContain(`chmod 600 ${file}`);
      chmodSync(file, 0o600);
    });

    it.each([
      ['not JSON', `{"keys":[${JSON.stringify(jwkOf(key))}`],
      ['not a JWK set', JSON.stringify(jwkOf(key))],
      ['not a JWK set', '{"keys":["k"]}'],
      ['not a JWK set', 'null'],
      ['keys[0]', JSON.stringify({ keys: [{ ...jwkOf(key), alg: 'RS256' }] })],
      ['keys[1]', JSON.stringify({ keys: [jwkOf(key), {}] })],
    ])('refuse one that is %s, and quote nothing of it', (what, text) => {
      const wrong = path.join(directory, 'wrong.json');
      writeFileSync(wrong, text, { mode: 0o600 });
      expect(problem(wrong)).toContain(what);
      expect(problem(wrong)).not.toContain(jwkOf(key).d);
    });

    it('refuse one that is not there, or no file', () => {
      expect(problem(path.join(directory, 'none'))).toContain('cannot be read: ENOENT');
      expect(problem(directory)).toContain('is not a file');
    });
  });
});
