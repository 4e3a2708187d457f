import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** How cards are signed. */
export type SigningAlgorithm = 'ES256' | 'RS256' | 'EdDSA';

interface KeyFields {
  /** Id of the key in signatures and in the key set. Default: that of the JWK, else its thumbprint (RFC 7638). */
  readonly kid?: string;
  /** Default: that of the JWK, else by the key type: P-256 ES256, RSA RS256, Ed25519 EdDSA. */
  readonly alg?: SigningAlgorithm;
}

/** A key that signs. */
export interface SigningKey extends KeyFields {
  /** PEM (PKCS #8, PKCS #1 or SEC 1, not encrypted), or a private JWK. RSA needs at least 2048 bits. Secret. */
  readonly privateKey: string | JsonWebKey;
}

/** A key that no longer signs; those who verify older signatures still find it. */
export interface VerificationKey extends KeyFields {
  /** PEM, or a public JWK. */
  readonly publicKey: string | JsonWebKey;
}

const MIN_RSA_BITS = 2048;

/** A key as it was read; without `signing` it is only shown to verifiers. */
export interface ReadKey {
  readonly alg: SigningAlgorithm;
  /** The public part only. */
  readonly publicJwk: JsonWebKey;
  readonly signing?: KeyObject;
  readonly kid?: string;
}

/** Reads one key of the options. Throws TypeError, which says what is wrong and shows nothing of the key. */
export function readSigningKey(given: SigningKey | VerificationKey): ReadKey {
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
