import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import type { SigningAlgorithm } from '../../src/security/keys/signing-key.js';
import type { AgentCardSignature } from '../../src/protocol/model/index.js';

export const ALGORITHMS: readonly SigningAlgorithm[] = ['ES256', 'RS256', 'EdDSA'];

/** A new key for an algorithm. */
export function newKey(alg: SigningAlgorithm): KeyObject {
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  if (alg === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return generateKeyPairSync('ed25519').privateKey;
}

export const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }) as string;
export const jwkOf = (key: KeyObject): JsonWebKey => key.export({ format: 'jwk' });
export const publicJwkOf = (key: KeyObject): JsonWebKey => createPublicKey(key).export({ format: 'jwk' });

export const headerOf = (signature: AgentCardSignature): Record<string, unknown> =>
  JSON.parse(Buffer.from(signature.protected, 'base64url').toString()) as Record<string, unknown>;

/** Whether a signature covers a payload, by RFC 7515 and Node alone: no JWS library. */
export function covers(signature: AgentCardSignature, payload: string, key: KeyObject): boolean {
  const input = Buffer.from(`${signature.protected}.${Buffer.from(payload).toString('base64url')}`);
  const bytes = Buffer.from(signature.signature, 'base64url');
  if (key.asymmetricKeyType === 'ed25519') return verify(null, input, key, bytes);
  return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, bytes);
}
