import { describe, expect, it } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { ALGORITHMS, jwkOf, newKey, pemOf, publicJwkOf } from '../../../test/support/signing-keys.js';
import { joseTools } from './jose-tools.js';
import { readSigningKeys } from './signing-keys.js';

const tools = await joseTools('a test');
const read = (...keys: unknown[]) => readSigningKeys(keys as never, 'cards.signing.keys', tools);

describe.each(ALGORITHMS)('keys of %s', (alg) => {
  const key = newKey(alg);

  it('are read from PEM and JWK, and know what they are for', async () => {
    for (const privateKey of [pemOf(key), jwkOf(key)]) {
      const { signers, keySet } = await read({ privateKey, kid: 'one' });
      expect(signers).toMatchObject([{ kid: 'one', alg }]);
      expect(keySet).toEqual({ keys: [{ ...publicJwkOf(key), kid: 'one', alg, use: 'sig' }] });
    }
  });

  it('show their public part only', async () => {
    const { keySet } = await read({ privateKey: jwkOf(key) });
    const shown = keySet.keys[0]!;
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) expect(shown).not.toHaveProperty(secret);
    expect(JSON.stringify(shown)).not.toContain(jwkOf(key).d);
  });

  it('are named by their JWK, else by their thumbprint', async () => {
    const named = await read({ privateKey: { ...jwkOf(key), kid: 'its-own' } });
    expect(named.signers[0]?.kid).toBe('its-own');
    const [first] = (await read({ privateKey: pemOf(key) })).signers;
    expect(first?.kid).toMatch(/^[\w-]{43}$/);
    expect((await read({ privateKey: jwkOf(key) })).signers[0]?.kid).toBe(first?.kid);
  });

  it('that sign no more are shown, and do not sign', async () => {
    const old = newKey('EdDSA');
    const publicKeys = [createPublicKey(old).export({ format: 'pem', type: 'spki' }), publicJwkOf(old)];
    for (const publicKey of publicKeys) {
      const { signers, keySet } = await read({ privateKey: pemOf(key), kid: 'new' }, { publicKey, kid: 'old' });
      expect(signers.map(({ kid }) => kid)).toEqual(['new']);
      expect(keySet.keys.map(({ kid }) => kid as unknown)).toEqual(['new', 'old']);
    }
  });
});

describe('at boot', () => {
  const key = newKey('EdDSA');
  const { privateKey: rsa1024 } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const { privateKey: p384 } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const encrypted = key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' });

  it.each<[string, unknown[]]>([
    ['cards.signing.keys must be an array of 1 to 16 keys', []],
    [
      'cards.signing.keys must be an array of 1 to 16 keys',
      Array.from({ length: 17 }, () => ({ privateKey: pemOf(key) })),
    ],
    ['cards.signing.keys[0] must have either a privateKey or a publicKey', [{ kid: 'a' }]],
    ['cards.signing.keys[0] must have either a privateKey or a publicKey', ['PEM']],
    ['must have either a privateKey or a publicKey', [{ privateKey: pemOf(key), publicKey: publicJwkOf(key) }]],
    ['cards.signing.keys[0]: its privateKey cannot be read', [{ privateKey: 'not PEM' }]],
    ['cards.signing.keys[0]: its privateKey cannot be read', [{ privateKey: encrypted }]],
    ['cards.signing.keys[0]: its privateKey cannot be read', [{ privateKey: publicJwkOf(key) }]],
    ['cards.signing.keys[0]: its privateKey cannot be read', [{ privateKey: null }]],
    ['its publicKey cannot be read', [{ publicKey: { kty: 'oct', k: 'AA' } }]],
    ['it has 1024 bits: an RSA key needs at least 2048', [{ privateKey: pemOf(rsa1024) }]],
    ['its type is not supported', [{ privateKey: pemOf(p384) }]],
    ['its alg is RS256, but the key is for EdDSA', [{ privateKey: pemOf(key), alg: 'RS256' }]],
    ['its alg is none, but the key', [{ privateKey: { ...jwkOf(key), alg: 'none' } }]],
    ['its kid is not a string', [{ privateKey: pemOf(key), kid: '' }]],
    [
      'cards.signing.keys[1] has the kid of another key',
      [
        { privateKey: pemOf(key), kid: 'a' },
        { privateKey: pemOf(newKey('EdDSA')), kid: 'a' },
      ],
    ],
    ['cards.signing.keys has no privateKey', [{ publicKey: publicJwkOf(key) }]],
  ])('%s', async (text, keys) => {
    await expect(read(...keys)).rejects.toThrow(text);
  });

  it('says nothing of a key that is wrong', async () => {
    const broken = pemOf(key).replace('MC4CAQ', 'MC4CAF');
    for (const privateKey of [{ ...jwkOf(key), alg: 'RS256' }, { ...jwkOf(key), kty: 'EC' }, broken, jwkOf(p384)]) {
      const error: unknown = await read({ privateKey }).catch((thrown: unknown) => thrown);
      const secret = typeof privateKey === 'string' ? privateKey.split('\n')[1]! : privateKey.d!;
      expect(error).toBeInstanceOf(TypeError);
      expect(String((error as Error).stack) + String((error as Error).cause)).not.toContain(secret);
    }
  });
});
