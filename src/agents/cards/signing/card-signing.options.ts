import type { JsonWebKey } from 'node:crypto';

export type SigningAlgorithm = 'ES256' | 'RS256' | 'EdDSA';

interface CardKeyFields {
  /** Id of the key in signatures and in the key set. Default: that of the JWK, else its thumbprint (RFC 7638). */
  readonly kid?: string;
  /** Default: that of the JWK, else by the key type: P-256 ES256, RSA RS256, Ed25519 EdDSA. */
  readonly alg?: SigningAlgorithm;
}

/** A key that signs cards. */
export interface CardSigningKey extends CardKeyFields {
  /** PEM (PKCS #8, PKCS #1 or SEC 1, not encrypted), or a private JWK. RSA needs at least 2048 bits. Secret. */
  readonly privateKey: string | JsonWebKey;
}

/** A key that no longer signs; clients with older cards still find it. */
export interface CardVerificationKey extends CardKeyFields {
  /** PEM, or a public JWK. */
  readonly publicKey: string | JsonWebKey;
}

/** How cards are signed. Needs the packages `jose` and `canonicalize`. Spec 8.4. */
export interface CardSigningOptions {
  /** 1 to 16 keys, at least one private. Each private key signs each card. */
  readonly keys: readonly (CardSigningKey | CardVerificationKey)[];
  /**
   * URL of the key set, in the header of signatures. Default: where this server serves it if `publicUrl` is set, else none.
   * false: none.
   */
  readonly jku?: string | false;
  /**
   * The published SDKs (JavaScript 1.3, Python 1.0) remove all empty members before they verify, even where the specification
   * keeps them, such as a security requirement without scopes. If that makes a difference, a card gets two signatures per key,
   * one over each form. A verifier that follows the specification would then accept a card from which such empty members were
   * removed. true: one signature, over the form of the specification; those SDKs reject such cards. Default false.
   */
  readonly strict?: boolean;
}
