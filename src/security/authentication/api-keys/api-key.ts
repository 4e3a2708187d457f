import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { A2aClaims } from '../../principal.js';

/** `a2a_<id>_<secret>`: the id finds the record, and may be shown; the secret has 256 bits. */
const KEY = /^a2a_([a-f0-9]{16})_[A-Za-z0-9_-]{43}$/;

/** What is stored of a key. The key itself is not. */
export interface ApiKeyRecord {
  readonly id: string;
  /** SHA-256 of the whole key, in hexadecimal. A key has too much entropy to be guessed, so the hash need not be slow. */
  readonly hash: string;
  /** Owns what its holder creates. */
  readonly owner: string;
  /** The only tenant that its holder may name. */
  readonly tenant?: string;
  readonly scopes?: readonly string[];
  /** More claims for agents. */
  readonly claims?: A2aClaims;
  /** What it is for. */
  readonly name?: string;
  /** ISO 8601, as all times. */
  readonly createdAt?: string;
  /** From then on it is refused. Absent: never. */
  readonly expiresAt?: string;
  /** Set: it is refused. */
  readonly revokedAt?: string;
}

/** A new key, to be shown once, and the fields that identify it. */
export function newApiKey(): { readonly key: string; readonly id: string; readonly hash: string } {
  const id = randomBytes(8).toString('hex');
  const key = `a2a_${id}_${randomBytes(32).toString('base64url')}`;
  return { key, id, hash: hashOf(key) };
}

/** The id of a key; undefined if it does not have the form of one. */
export const apiKeyId = (key: string): string | undefined => KEY.exec(key)?.[1];

/** Takes the same time whatever the key is. */
export function isKeyOf(record: Pick<ApiKeyRecord, 'hash'>, key: string): boolean {
  const [stored, given] = [Buffer.from(record.hash, 'hex'), Buffer.from(hashOf(key), 'hex')];
  return stored.length === given.length && timingSafeEqual(stored, given);
}

const hashOf = (key: string): string => hash('sha256', key, 'hex');
