import type { JsonWebKey, KeyObject } from 'node:crypto';
import { isObject } from '../../common/is-object.js';
import type { JoseTools } from './jose-tools.js';
import {
  type ReadKey,
  readSigningKey,
  type SigningAlgorithm,
  type SigningKey,
  type VerificationKey,
} from './signing-key.js';

/** Limit of keys: each signs everything, and verifiers try all of them. */
const MAX_KEYS = 16;

export interface SignerKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly key: KeyObject;
}

export interface SigningKeys {
  readonly signers: readonly SignerKey[];
  /** RFC 7517. Public keys only. */
  readonly keySet: { readonly keys: readonly JsonWebKey[] };
}

/**
 * Reads the keys of an option, `where` (`A2aModule: cards.signing.keys`). Throws TypeError naming what is wrong; it shows nothing of
 * a key.
 */
export async function readSigningKeys(
  keys: readonly (SigningKey | VerificationKey)[],
  where: string,
  { thumbprint }: Pick<JoseTools, 'thumbprint'>,
): Promise<SigningKeys> {
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_KEYS) {
    throw new TypeError(`${where} must be an array of 1 to ${MAX_KEYS} keys, such as [{ privateKey }].`);
  }
  const read: (ReadKey & { kid: string })[] = [];
  for (const [index, given] of keys.entries()) {
    const key = readAt(`${where}[${index}]`, given);
    const kid = key.kid ?? (await thumbprint(key.publicJwk));
    if (read.some((other) => other.kid === kid)) {
      throw new TypeError(`${where}[${index}] has the kid of another key: each key needs its own.`);
    }
    read.push({ ...key, kid });
  }
  const signers = read.flatMap(({ kid, alg, signing }) => (signing ? [{ kid, alg, key: signing }] : []));
  if (signers.length === 0) {
    throw new TypeError(`${where} has no privateKey, so there is no key to sign with.`);
  }
  return { signers, keySet: { keys: read.map(({ kid, alg, publicJwk }) => ({ ...publicJwk, kid, alg, use: 'sig' })) } };
}

function readAt(where: string, given: unknown): ReadKey {
  const kinds = isObject(given) ? ['privateKey', 'publicKey'].filter((name) => given[name] !== undefined) : [];
  if (kinds.length !== 1) throw new TypeError(`${where} must have either a privateKey or a publicKey.`);
  try {
    return readSigningKey(given as Parameters<typeof readSigningKey>[0]);
  } catch (error) {
    throw new TypeError(`${where}: ${(error as Error).message}`, { cause: error });
  }
}
