import { createHash } from 'node:crypto';
import { invalidParams } from '../protocol/errors/index.js';

/** Where a page of a list ended: the sort key of its last row. */
export interface ListPosition {
  /** RFC 3339 UTC. */
  readonly time: string;
  readonly id: string;
}

/** `t`: time; `i`: id; `f`: hash of the list that the token is bound to. */
interface TokenContent {
  readonly t: string;
  readonly i: string;
  readonly f: string;
}

const MAX_LENGTH = 4096;
const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

/**
 * An opaque token (base64url) for a position in a list, bound to that list (`parts`: its owner and its filters). It is not a
 * secret and not a proof: queries are scoped to the caller, whatever a token contains.
 */
export function encodePosition({ time, id }: ListPosition, parts: readonly unknown[]): string {
  const content: TokenContent = { t: time, i: id, f: fingerprint(parts) };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** Throws INVALID_PARAMS (field pageToken). `mismatch`: the message for a token of another list. */
export function decodePosition(token: string, parts: readonly unknown[], mismatch: string): ListPosition {
  const content = parse(token);
  if (!content) throw refusal('is not a token that this server gave');
  if (content.f !== fingerprint(parts)) throw refusal(mismatch);
  return { time: content.t, id: content.i };
}

const refusal = (description: string): Error => invalidParams([{ field: 'pageToken', description }]);

/** A short hash of what a token is bound to. */
export const fingerprint = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

function parse(token: string): TokenContent | undefined {
  if (token.length > MAX_LENGTH) return undefined;
  try {
    const { t, i, f } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    if (typeof t !== 'string' || typeof i !== 'string' || typeof f !== 'string') return undefined;
    return isTime(t) && isId(i) ? { t, i, f } : undefined;
  } catch {
    return undefined;
  }
}

/** Forged tokens must not pass values to the storage that it cannot parse. */
const isTime = (text: string): boolean =>
  TIME.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text.slice(0, 10));

const isId = (text: string): boolean => text.length <= 512 && text.isWellFormed() && !text.includes('\0');
