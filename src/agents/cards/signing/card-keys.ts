import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isObject } from '../../../common/is-object.js';
import type {
  CardSigningKey,
  CardSigningOptions,
  CardVerificationKey,
  SigningAlgorithm,
} from './card-signing.options.js';
import type { SigningTools } from './signing-tools.js';

/** Limit of keys: each signs each card, and clients try all of them. */
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
    throw new TypeError(
      `A2aModule: cards.signing.keys must be an array of 1 to ${MAX_KEYS} keys, such as [{ privateKey }].`,
    );
  }
  const read: (CardKey & { kid: string })[] = [];
  for (const [index, given] of keys.entries()) {
    const key = readAt(index, given);
    const kid = key.kid ?? (await tools.thumbprint(key.publicJwk));
    if (read.some((other) => other.kid === kid)) {
      throw new TypeError(
        `A2aModule: cards.signing.keys[${index}] has the kid of another key: each key needs its own.`,
      );
    }
    read.push({ ...key, kid });
  }
  const signers = read.flatMap(({ kid, alg, signing }) => (signing ? [{ kid, alg, key: signing }] : []));
  if (signers.length === 0) {
    throw new TypeError('A2aModule: cards.signing.keys has no privateKey, so there is no key to sign with.');
  }
  return { signers, keySet: { keys: read.map(({ kid, alg, publicJwk }) => ({ ...publicJwk, kid, alg, use: 'sig' })) } };
}

function readAt(index: number, given: unknown): CardKey {
  const where = `A2aModule: cards.signing.keys[${index}]`;
  const kinds = isObject(given) ? ['privateKey', 'publicKey'].filter((name) => given[name] !== undefined) : [];
  if (kinds.length !== 1) throw new TypeError(`${where} must have either a privateKey or a publicKey.`);
  try {
    return readCardKey(given as Parameters<typeof readCardKey>[0]);
  } catch (error) {
    throw new TypeError(`${where}: ${(error as Error).message}`, { cause: error });
  }
}

const MIN_RSA_BITS = 2048;

/** A key as it was read; without `signing` it is only shown to verifiers. */
interface CardKey {
  readonly alg: SigningAlgorithm;
  /** The public part only. */
  readonly publicJwk: JsonWebKey;
  readonly signing?: KeyObject;
  readonly kid?: string;
}

/** Reads one key of the options. Throws TypeError, which says what is wrong and shows nothing of the key. */
export function readCardKey(given: CardSigningKey | CardVerificationKey): CardKey {
  const secret = 'privateKey' in given;
  const material = secret ? given.privateKey : given.publicKey;
  const key = parsed(material, secret);
  const alg = algorithmOf(key);
  const jwk = typeof material === 'object' ? (material as Record<string, unknown>) : {};
  const wanted = given.alg ?? jwk['alg'];
  if (wanted !== undefined && wanted !== alg) {
    throw new TypeError(`its alg is ${String(wanted)}, but the key is for ${alg}.`);
  }
  const kid = given.kid ?? jwk['kid'];
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) throw new TypeError('its kid is not a string.');
  const publicJwk = (secret ? createPublicKey(key) : key).export({ format: 'jwk' });
  return { alg, publicJwk, ...(secret && { signing: key }), ...(kid !== undefined && { kid }) };
}

function parsed(material: unknown, secret: boolean): KeyObject {
  const create = secret ? createPrivateKey : createPublicKey;
  try {
    if (typeof material === 'string') return create({ key: material, format: 'pem' });
    return create({ key: material as JsonWebKey, format: 'jwk' });
  } catch {
    // OpenSSL's message does not help and might quote the key.
    throw new TypeError(
      secret
        ? 'its privateKey cannot be read: give PEM (PKCS #8, not encrypted) or a private JWK.'
        : 'its publicKey cannot be read: give PEM or a public JWK.',
    );
  }
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): SigningAlgorithm {
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  if (type !== 'rsa') {
    throw new TypeError('its type is not supported: use P-256 (ES256), RSA (RS256) or Ed25519 (EdDSA).');
  }
  if ((details?.modulusLength ?? 0) < MIN_RSA_BITS) {
    throw new TypeError(`it has ${details?.modulusLength} bits: an RSA key needs at least ${MIN_RSA_BITS}.`);
  }
  return 'RS256';
}
