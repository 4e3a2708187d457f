import { isObject } from '../../../common/is-object.js';
import { isLoopbackHost } from '../../../common/loopback.js';
import { definedOptions, MAX_TIMER_MS, type NumberRange } from '../../../common/number-options.js';
import { checkKeys, checkTexts, isText, show } from '../../../common/option-checks.js';
import { wholeNumberProblem } from '../../../common/option-problems.js';
import type { SecurityScheme } from '../../../protocol/model/index.js';
import type { ClaimNames } from './claim-names.js';

export interface OidcOptions extends ClaimNames {
  /** The name of the scheme in cards. Default 'oidc'. */
  readonly name?: string;
  /** The `iss` of its tokens, exactly. `https://`, except on loopback. Tokens of other issuers are left to other authenticators. */
  readonly issuer: string;
  /** The `aud` that a token must have; of several, one. Without it tokens made for other servers would be accepted here. */
  readonly audience: string | readonly string[];
  /** Where its keys are. Default: as its `/.well-known/openid-configuration` says. */
  readonly jwksUrl?: string;
  /** The accepted signature algorithms. Default: RS256 to RS512, PS256 to PS512, ES256 to ES512, EdDSA, Ed25519. */
  readonly algorithms?: readonly string[];
  /** The `typ` that the header of a token must have, such as 'at+jwt' (RFC 9068). Default: any. */
  readonly typ?: string;
  /** How cards declare it. Default: OpenID Connect, with the URL of the issuer's configuration; with `jwksUrl`: a bearer JWT. */
  readonly scheme?: SecurityScheme;
  /** How far clocks may differ, in ms. Default 5000. */
  readonly clockToleranceMs?: number;
  /** How long a verified token is not verified again, in ms, at most until it expires. 0: never. Default 60,000. */
  readonly cacheMs?: number;
  /** Verified tokens that are remembered, by their hashes. Default 10,000. */
  readonly cacheSize?: number;
  /** How long the issuer's keys are used before they are fetched again, in ms. Default 600,000. */
  readonly keysMaxAgeMs?: number;
  /** Least time between two fetches for a token whose key is unknown, in ms. Default 30,000. */
  readonly keysCooldownMs?: number;
  /** Time that the issuer has to answer, in ms. Default 5000. */
  readonly fetchTimeoutMs?: number;
}

export const OIDC_DEFAULTS = {
  name: 'oidc',
  clockToleranceMs: 5_000,
  cacheMs: 60_000,
  cacheSize: 10_000,
  keysMaxAgeMs: 600_000,
  keysCooldownMs: 30_000,
  fetchTimeoutMs: 5_000,
} as const satisfies Partial<OidcOptions>;

/** Asymmetric ones only: with a public key as its secret, anybody could sign. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

export const OIDC_RANGES = {
  clockToleranceMs: [0, 600_000],
  cacheMs: [0, 3_600_000],
  cacheSize: [1, 1_000_000],
  keysMaxAgeMs: [1_000, MAX_TIMER_MS],
  keysCooldownMs: [0, MAX_TIMER_MS],
  fetchTimeoutMs: [100, 60_000],
} as const satisfies Partial<Record<keyof OidcOptions, NumberRange>>;

const KEYS = [
  ...['issuer', 'audience', 'jwksUrl', 'algorithms', 'typ', 'scheme', 'owner', 'ownerPrefix', 'tenant', 'scopes'],
  ...['roles', 'claims', ...Object.keys(OIDC_DEFAULTS)],
];

export type OidcSettings = Omit<OidcOptions, 'audience' | 'algorithms'> &
  Required<Pick<OidcOptions, keyof typeof OIDC_DEFAULTS>> & {
    readonly audience: string[];
    readonly algorithms: string[];
  };

/** Fills in the defaults. Throws TypeError naming the option that is wrong. */
export function oidcSettings(given: OidcOptions): OidcSettings {
  if (!isObject(given as unknown)) refuse('oidc: oidc({ issuer, audience }) is missing.');
  checkKeys(given, KEYS, 'oidc', refuse);
  const settings = { ...OIDC_DEFAULTS, ...definedOptions(given) } as OidcOptions & typeof OIDC_DEFAULTS;
  checkSecureUrl(settings.issuer, 'oidc: issuer');
  if (settings.jwksUrl !== undefined) checkSecureUrl(settings.jwksUrl, 'oidc: jwksUrl');
  const audience = [settings.audience].flat() as unknown[];
  if (audience.length === 0 || !audience.every(isText)) {
    refuse(`oidc: audience is ${show(given.audience)}: give the aud of tokens for this server.`);
  }
  for (const name of ['owner', 'ownerPrefix', 'tenant', 'scopes', 'roles', 'typ'] as const) {
    if (settings[name] !== undefined && !isText(settings[name])) refuse(`oidc: ${name} must be a non-empty string.`);
  }
  if (settings.claims !== undefined) checkTexts(settings.claims, 'oidc: claims', refuse);
  for (const [name, range] of Object.entries(OIDC_RANGES)) {
    const problem = wholeNumberProblem(settings[name as keyof typeof OIDC_RANGES], range, `oidc: ${name}`);
    if (problem !== undefined) refuse(problem);
  }
  return { ...settings, audience: audience as string[], algorithms: algorithmsOf(settings.algorithms) };
}

function algorithmsOf(given: unknown): string[] {
  if (given === undefined) return ALGORITHMS;
  const wrong = Array.isArray(given) && given.length > 0 ? given.find((each) => !ALGORITHMS.includes(each)) : given;
  if (wrong === undefined) return given as string[];
  return refuse(
    `oidc: algorithms has ${show(wrong)}: use some of ${ALGORITHMS.join(', ')}. No others are safe with public keys.`,
  );
}

/** An https URL, or http on loopback, without a user. It may be in a private network: the operator names it. */
export function isSecureUrl(value: unknown): value is string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (!url || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

/** @throws TypeError */
export function checkSecureUrl(value: unknown, where: string): asserts value is string {
  if (!isSecureUrl(value)) refuse(`${where} is ${show(value)}: use an https URL, such as https://id.example.com/.`);
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}
