import type { JsonWebKey, KeyObject } from 'node:crypto';
import { loadOptional } from '../../common/load-optional.js';

/** Functions of the optional package jose. */
export interface JoseTools {
  /** RFC 7638. */
  thumbprint(key: JsonWebKey): Promise<string>;
  /** Flattened JWS of RFC 7515, without its payload. */
  sign(payload: string, header: Readonly<Record<string, string | number>>, key: KeyObject): Promise<JwsSignature>;
}

export interface JwsSignature {
  /** Both base64url. */
  readonly protected: string;
  readonly signature: string;
}

/** Rejects with MissingPackageError if jose is not installed. `what` needs it. */
export async function joseTools(what: string): Promise<JoseTools> {
  const jose = await loadOptional(what, ['jose'], () => import('jose'));
  return {
    thumbprint: (key) => jose.calculateJwkThumbprint(key as Parameters<typeof jose.calculateJwkThumbprint>[0]),
    sign: async (payload, header, key) => {
      const jws = new jose.FlattenedSign(new TextEncoder().encode(payload)).setProtectedHeader({ ...header });
      const { protected: signed = '', signature } = await jws.sign(key);
      return { protected: signed, signature };
    },
  };
}
