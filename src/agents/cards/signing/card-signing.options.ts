import type { JsonWebKey } from 'node:crypto';

export type SigningAlgorithm = 'ES256' | 'RS256' | 'EdDSA';

interface CardKeyFields {
  /** Names the key in signatures and in the key set. Default: that of the JWK, else its thumbprint (RFC 7638). */
  readonly kid?: string;
  /** Default: that of the JWK, else what the key is for: P-256 ES256, RSA RS256, Ed25519 EdDSA. */
  readonly alg?: SigningAlgorithm;
}

/** A key that signs cards. */
export interface CardSigningKey extends CardKeyFields {
  /** PEM (PKCS #8, PKCS #1 or SEC 1, not encrypted), or a private JWK. RSA from 2048 bits on. Secret. */
  readonly privateKey: string | JsonWebKey;
}

/** A key that signs no more; clients with older cards still find it. */
export interface CardVerificationKey extends CardKeyFields {
  /** PEM, or a public JWK. */
  readonly publicKey: string | JsonWebKey;
}

/** How cards are signed. Needs the packages `jose` and `canonicalize`. Spec 8.4. */
export interface CardSigningOptions {
  /** Each key that has a private part signs each card. 1 to 16, one that signs at least. */
  readonly keys: readonly (CardSigningKey | CardVerificationKey)[];
  /**
   * Url of the key set, in the signatures' header. Default: where this server serves it, when `publicUrl` is given; none else.
   * false: none.
   */
  readonly jku?: string | false;
  /**
   * The published SDKs (JavaScript 1.3, Python 1.0) leave out of what they verify all that is empty, also where the specification keeps
   * it, such as a security requirement without scopes. Where that makes a difference a card gets two signatures by each key,
   * one over either form. A verifier that goes by the specification would then accept a card from which somebody has taken such
   * empty members. true: one signature, over the form of the specification; those SDKs refuse such cards. Default false.
   */
  readonly strict?: boolean;
}
