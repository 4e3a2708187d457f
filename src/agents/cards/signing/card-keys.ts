import type { JsonWebKey, KeyObject } from 'node:crypto';
import { isObject } from '../../../common/is-object.js';
import { type CardKey, readCardKey } from './card-key.js';
import type { CardSigningOptions, SigningAlgorithm } from './card-signing.options.js';
import type { SigningTools } from './signing-tools.js';

/** Each signs each card, and clients look through all of them. */
const MAX_KEYS = 16;

export interface SignerKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly key: KeyObject;
}

export interface CardKeys {
  readonly signers: readonly SignerKey[];
  /** RFC 7517. Public keys only. */
  readonly keySet: { readonly keys: readonly JsonWebKey[] };
}

/** Reads the keys of the options. Throws TypeError naming the option that is wrong; it shows nothing of a key. */
export async function readCardKeys(
  { keys }: Pick<CardSigningOptions, 'keys'>,
  tools: Pick<SigningTools, 'thumbprint'>,
): Promise<CardKeys> {
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_KEYS) {
    throw new TypeError(`A2aModule: cards.signing.keys must be 1 to ${MAX_KEYS} keys, as [{ privateKey }].`);
  }
  const read: (CardKey & { kid: string })[] = [];
  for (const [index, given] of keys.entries()) {
    const key = readAt(index, given);
    const kid = key.kid ?? (await tools.thumbprint(key.publicJwk));
    if (read.some((other) => other.kid === kid)) {
      throw new TypeError(
        `A2aModule: cards.signing.keys[${index}] has the kid of another key: give each one of its own.`,
      );
    }
    read.push({ ...key, kid });
  }
  const signers = read.flatMap(({ kid, alg, signing }) => (signing ? [{ kid, alg, key: signing }] : []));
  if (signers.length === 0) {
    throw new TypeError('A2aModule: cards.signing.keys has no privateKey: there is nothing to sign with.');
  }
  return { signers, keySet: { keys: read.map(({ kid, alg, publicJwk }) => ({ ...publicJwk, kid, alg, use: 'sig' })) } };
}

function readAt(index: number, given: unknown): CardKey {
  const where = `A2aModule: cards.signing.keys[${index}]`;
  const kinds = isObject(given) ? ['privateKey', 'publicKey'].filter((name) => given[name] !== undefined) : [];
  if (kinds.length !== 1) throw new TypeError(`${where} must have a privateKey or a publicKey, and not both.`);
  try {
    return readCardKey(given as Parameters<typeof readCardKey>[0]);
  } catch (error) {
    throw new TypeError(`${where}: ${(error as Error).message}`, { cause: error });
  }
}
