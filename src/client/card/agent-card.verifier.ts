import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isObject } from '../../common/is-object.js';
import { readSigningKey, type SigningAlgorithm, type VerificationKey } from '../../security/keys/signing-key.js';
import type { AgentCard } from '../../protocol/model/index.js';
import { cardPayload, leanPayload } from '../../protocol/v1-0/card/card-payload.js';
import type { AgentCardVerifier } from './agent-card.options.js';

/** What a signature says about its key. Do not trust it before verification, least of all `jku`, which can point anywhere. */
export interface SignatureHeader {
  readonly alg: string;
  readonly kid?: string;
  readonly jku?: string;
}

/** Which signatures of cards `agentCardVerifier` accepts. */
export interface AgentCardVerifierOptions {
  /**
   * The trusted public keys, PEM or JWK: P-256 (ES256), RSA of 2048 bits or more (RS256), Ed25519 (EdDSA). Or a function that finds the key
   * of a signature, and returns undefined when it trusts none.
   */
  keys:
    | readonly VerificationKey[]
    | ((header: SignatureHeader) => VerificationKey | undefined | Promise<VerificationKey | undefined>);
  /**
   * true: a signature must cover the canonical form of the specification. Default false: the form of the published SDKs, which omit all
   * empty values, is accepted too.
   */
  strict?: boolean;
}

/** Maximum signatures of a card that are checked. */
const MAX_SIGNATURES = 32;

interface TrustedKey {
  readonly kid?: string;
  readonly alg: SigningAlgorithm;
  readonly key: KeyObject;
}

/**
 * For `card.verify`: refuses v1.0 cards without a signature by a trusted key, and all v0.3 cards, whose form cannot be signed. Needs the
 * package `canonicalize`. Spec 8.4.3.
 * @throws TypeError naming the key that cannot be read.
 */
export function agentCardVerifier({ keys, strict = false }: AgentCardVerifierOptions): AgentCardVerifier {
  const find = typeof keys === 'function' ? finder(keys) : among(keys);
  return async (received) => {
    const signatures = Array.isArray(received.signatures) ? received.signatures.slice(0, MAX_SIGNATURES) : [];
    if (signatures.length === 0) throw new Error('it is not signed.');
    const card = received as unknown as AgentCard;
    const canonicalize = await canonicalizer();
    const forms = (strict ? [cardPayload(card)] : [cardPayload(card), leanPayload(card)]).map((form) =>
      Buffer.from(canonicalize(form)).toString('base64url'),
    );
    for (const signature of signatures) {
      const header = isObject(signature) ? headerOf(signature.protected) : undefined;
      if (!header || !isObject(signature) || typeof signature.signature !== 'string') continue;
      const bytes = Buffer.from(signature.signature, 'base64url');
      for (const key of await find(header)) {
        if (forms.some((form) => isBy(key, header, `${String(signature.protected)}.${form}`, bytes))) return;
      }
    }
    throw new Error('none of its signatures is by a trusted key, or it was changed.');
  };
}

function among(given: readonly VerificationKey[]): (header: SignatureHeader) => TrustedKey[] {
  if (!Array.isArray(given) || given.length === 0)
    throw new TypeError('keys must be a list of public keys, as [{ publicKey }].');
  const keys = given.map((key, index) => trusted(key, `keys[${index}]`));
  return ({ kid }) => keys.filter((key) => key.kid === undefined || kid === undefined || key.kid === kid);
}

const finder =
  (find: Extract<AgentCardVerifierOptions['keys'], (...args: never[]) => unknown>) =>
  async (header: SignatureHeader): Promise<TrustedKey[]> => {
    const found = await find(header);
    return found ? [trusted(found, 'the key that was found')] : [];
  };

function trusted(given: VerificationKey, name: string): TrustedKey {
  try {
    const { alg, publicJwk, kid } = readSigningKey(given);
    return { alg, key: createPublicKey({ key: publicJwk, format: 'jwk' }), ...(kid !== undefined && { kid }) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(`agentCardVerifier: ${name}: ${why}`, { cause: error });
  }
}

/**
 * Undefined for an invalid header, and for one with extensions (`crit`), which this verifier would have to understand. RFC 7515, 4.1.11.
 */
function headerOf(text: unknown): SignatureHeader | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const header = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    if (!isObject(header) || typeof header.alg !== 'string' || 'crit' in header) return undefined;
    const { alg, kid, jku } = header;
    return { alg, ...(typeof kid === 'string' && { kid }), ...(typeof jku === 'string' && { jku }) };
  } catch {
    return undefined;
  }
}

/** The key decides the algorithm, never the signature. */
function isBy({ alg, key }: TrustedKey, header: SignatureHeader, signed: string, signature: Buffer): boolean {
  if (header.alg !== alg) return false;
  const data = Buffer.from(signed);
  if (alg === 'ES256') return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
  return verify(alg === 'EdDSA' ? null : 'sha256', data, key, signature);
}

async function canonicalizer(): Promise<(value: object) => string> {
  try {
    const { default: canonicalize } = await import('canonicalize');
    return (value) => canonicalize(value) as string;
  } catch (error) {
    throw new Error('Verifying agent cards needs a package that is not installed: npm install canonicalize', {
      cause: error,
    });
  }
}
