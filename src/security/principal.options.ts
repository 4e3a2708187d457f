import { checkKeys, checkTexts } from '../common/option-checks.js';
import type { A2aClaims } from './principal.js';

export const PRINCIPAL_OPTIONS = Symbol('PrincipalOptions');

/** Bytes of the claims that are stored with a message. */
const MAX_KEPT_BYTES = 8 * 1024;

/** What of a caller is kept for turns that run later. */
export interface PrincipalOptions {
  /**
   * Names of the claims that are stored with a message, in plain text, and that the agent sees in turns that run later: from the
   * queue, as a follow-up, after a crash. They are those of the time of the message. At most 8 KiB of them are stored. Default:
   * none.
   *
   * @example { keepClaims: ['scopes', 'roles'] }
   */
  readonly keepClaims?: readonly string[];
  /**
   * Callers over HTTP for which no guard has called `setA2aPrincipal`. 'refuse': they get UNAUTHENTICATED. 'allow': they are one owner,
   * `anonymous`, and see each other's tasks. Default: as 'allow', and the first such call is logged as a warning.
   */
  readonly anonymous?: 'allow' | 'refuse';
}

/** Throws TypeError naming the option that is wrong. */
export function principalOptions(given: PrincipalOptions = {}): PrincipalOptions {
  checkKeys(given, ['keepClaims', 'anonymous'], 'A2aModule: principal', refuse);
  if (given.keepClaims !== undefined) checkTexts(given.keepClaims, 'A2aModule: principal.keepClaims', refuse);
  const { anonymous } = given;
  if (anonymous !== undefined && anonymous !== 'allow' && anonymous !== 'refuse') {
    refuse("A2aModule: principal.anonymous must be 'allow' or 'refuse'.");
  }
  return given;
}

/** The claims that are stored; undefined: none. @throws RangeError if they are larger than what is stored with a message. */
export function keptClaims(
  claims: A2aClaims | undefined,
  { keepClaims = [] }: PrincipalOptions,
): A2aClaims | undefined {
  if (claims === undefined || keepClaims.length === 0) return undefined;
  const names = keepClaims.filter((name) => Object.hasOwn(claims, name) && claims[name] !== undefined);
  if (names.length === 0) return undefined;
  const kept = Object.fromEntries(names.map((name) => [name, claims[name]]));
  const bytes = Buffer.byteLength(JSON.stringify(kept));
  if (bytes <= MAX_KEPT_BYTES) return kept;
  throw new RangeError(
    `The claims ${names.join(', ')} of a caller have ${bytes} bytes, but at most ${MAX_KEPT_BYTES} are stored with a message: ` +
      'set less in the principal, or name fewer in principal.keepClaims.',
  );
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}
