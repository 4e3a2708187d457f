import type { SigningKey, VerificationKey } from '../../../security/keys/signing-key.js';

/** How cards are signed. Needs the packages `jose` and `canonicalize`. Spec 8.4. */
export interface CardSigningOptions {
  /** 1 to 16 keys, at least one private. Each private key signs each card. */
  readonly keys: readonly (SigningKey | VerificationKey)[];
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
