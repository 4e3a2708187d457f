import { createHmac } from 'node:crypto';
import { checkBoolean, checkKeys, show } from '../option-checks.js';
import type { ShownOwner } from './log-context.js';
import { LogScopes } from './log-scopes.js';

const WHERE = 'A2aModule: logContext';
const OWNER = ['plain', 'hash', 'omit'];
/** A hash with a short key, of names that can be guessed, is no secret. */
const MIN_KEY_LENGTH = 32;
/** Completes "the key must be …". */
export const OWNER_KEY_RULE = `a secret of at least ${MIN_KEY_LENGTH} characters`;
/** Hexadecimal digits: 96 bits, so that two owners never look the same. */
const SHOWN_DIGITS = 24;

/** What log lines say of their request. */
export interface LogContextOptions {
  /**
   * 'plain': the owner as it is. 'hash': the beginning of an HMAC-SHA256 of it, so that lines of one owner can be found by those who have
   * the key. 'omit': nothing. Default 'plain'.
   */
  readonly owner?: 'plain' | 'hash' | 'omit';
  /** The key for 'hash': at least 32 characters, the same in all processes. */
  readonly ownerKey?: string;
}

/** undefined and false: off. @throws TypeError naming the option that is wrong. It never shows the key. */
export function logScopes(given: LogContextOptions | boolean | undefined): LogScopes {
  if (given === undefined || given === false) return new LogScopes();
  if (given === true) return new LogScopes((owner) => owner);
  if (typeof given !== 'object' || given === null) checkBoolean(given, WHERE, refuse);
  checkKeys(given, ['owner', 'ownerKey'], WHERE, refuse);
  const { owner = 'plain', ownerKey } = given;
  if (!OWNER.includes(owner)) refuse(`${WHERE}.owner must be 'plain', 'hash' or 'omit', but is ${show(owner)}.`);
  if (owner === 'hash') return new LogScopes(hashedOwner(ownerKey));
  if (ownerKey !== undefined) refuse(`${WHERE}.ownerKey has no effect without owner: 'hash'.`);
  return new LogScopes(owner === 'omit' ? () => undefined : (name) => name);
}

export const isOwnerKey = (key: unknown): key is string => typeof key === 'string' && key.length >= MIN_KEY_LENGTH;

function hashedOwner(key: unknown): ShownOwner {
  if (!isOwnerKey(key)) return refuse(`${WHERE}.ownerKey must be ${OWNER_KEY_RULE} when owner is 'hash'.`);
  return (owner) => createHmac('sha256', key).update(owner).digest('hex').slice(0, SHOWN_DIGITS);
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}
