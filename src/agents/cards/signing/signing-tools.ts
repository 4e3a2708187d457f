import type { JsonWebKey, KeyObject } from 'node:crypto';

/** Functions of the optional packages. */
export interface SigningTools {
  /** RFC 8785. Throws for values that JSON cannot represent. */
  canonicalize(value: object): string;
  /** RFC 7638. */
  thumbprint(key: JsonWebKey): Promise<string>;
  /** Flattened JWS of RFC 7515, without its payload. */
  sign(payload: string, header: Readonly<Record<string, string>>, key: KeyObject): Promise<JwsSignature>;
}

export interface JwsSignature {
  /** Both base64url. */
  readonly protected: string;
  readonly signature: string;
}

/** Loads the optional packages. Rejects with an Error that says how to install them. */
export async function signingTools(): Promise<SigningTools> {
  const [jose, { default: canonicalize }] = await packages();
  return {
    canonicalize: (value) => canonicalize(value) as string,
    thumbprint: (key) => jose.calculateJwkThumbprint(key as Parameters<typeof jose.calculateJwkThumbprint>[0]),
    sign: async (payload, header, key) => {
      const jws = new jose.FlattenedSign(new TextEncoder().encode(payload)).setProtectedHeader({ ...header });
      const { protected: signed = '', signature } = await jws.sign(key);
      return { protected: signed, signature };
    },
  };
}

async function packages() {
  try {
    return await Promise.all([import('jose'), import('canonicalize')]);
  } catch (error) {
    throw new Error(
      'Signed agent cards (cards.signing) need packages that are not installed: npm install jose canonicalize',
      { cause: error },
    );
  }
}
