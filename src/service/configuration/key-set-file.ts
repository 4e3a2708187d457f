import type { JsonWebKey } from 'node:crypto';
import { isObject } from '../../common/is-object.js';
import { readSigningKey, type SigningKey, type VerificationKey } from '../../security/keys/signing-key.js';
import { ConfigurationError } from './configuration.error.js';
import { readSecretFile } from './secret-file.js';

/** A private JWK has the member `d`. RFC 7518, 6. */
const isPrivate = (jwk: object): boolean => 'd' in jwk;

/**
 * The keys of a JWK set file (RFC 7517): private ones sign, the others are only published. Throws ConfigurationError, which
 * quotes nothing of the file, if the file cannot be read, is not a JWK set, or can be read by users other than its owner.
 */
export function readKeySetFile(path: string, variable: string): readonly (SigningKey | VerificationKey)[] {
  const wrong = (problem: string): ConfigurationError => new ConfigurationError([`${variable}: ${problem}`]);
  const text = readSecretFile(path, variable);
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw wrong(`${path} is not JSON. It must contain a JWK set, {"keys":[…]}.`);
  }
  return signingKeysOf((set as { keys?: unknown } | null)?.keys, path, variable);
}

/** JWKs of a file as keys: private ones sign, the others are only published. Throws ConfigurationError, which quotes nothing of them. */
export function signingKeysOf(
  keys: unknown,
  path: string,
  variable: string,
): readonly (SigningKey | VerificationKey)[] {
  const wrong = (problem: string): ConfigurationError => new ConfigurationError([`${variable}: ${problem}`]);
  if (!Array.isArray(keys) || !keys.every(isObject)) {
    throw wrong(`${path} is not a JWK set: use {"keys":[…]}, with at least one private JWK.`);
  }
  return keys.map((jwk: JsonWebKey, index) => {
    const key = isPrivate(jwk) ? { privateKey: jwk } : { publicKey: jwk };
    try {
      readSigningKey(key);
      return key;
    } catch (error) {
      throw wrong(`keys[${index}] of ${path}: ${(error as Error).message}`);
    }
  });
}
