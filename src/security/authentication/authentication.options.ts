import { isObject } from '../../common/is-object.js';
import { checkBoolean, checkKeys, checkTexts } from '../../common/option-checks.js';
import { definedOptions } from '../../common/number-options.js';
import { OidcAuthenticator } from './oidc/oidc.authenticator.js';
import type { Authenticator } from './authenticator.interface.js';

export const A2A_AUTH_OPTIONS = Symbol('A2aAuthOptions');

/** Options of `A2aAuthModule.forRoot`: the ways in which callers prove who they are. */
export interface A2aAuthOptions {
  /** Who identifies callers, in the order in which they are asked. The first one that knows a caller decides. At least one. */
  readonly authenticators: readonly Authenticator[];
  /** Scopes that a caller of an agent without `securityRequirements` of its own needs, by any scheme. Default: none. */
  readonly requiredScopes?: readonly string[];
  /**
   * true: callers without credentials are served as `anonymous` by agents without `securityRequirements` of their own; wrong
   * credentials are refused anyway. Default false.
   */
  readonly allowAnonymous?: boolean;
}

export const AUTH_DEFAULTS = { requiredScopes: [], allowAnonymous: false } as const satisfies Partial<A2aAuthOptions>;

export type AuthSettings = A2aAuthOptions & Required<Pick<A2aAuthOptions, keyof typeof AUTH_DEFAULTS>>;

/** Names are those of schemes in cards, and members of JSON. */
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const KEYS = ['authenticators', ...Object.keys(AUTH_DEFAULTS)];

/** Fills in the defaults. Throws TypeError naming the option that is wrong. */
export function authSettings(given: A2aAuthOptions): AuthSettings {
  const options: unknown = given;
  if (!isObject(options))
    refuse('A2aAuthModule: forRoot({ authenticators: [oidc({ … }), apiKeys({ … })] }) is missing.');
  checkKeys(given, KEYS, 'A2aAuthModule', refuse);
  const { authenticators, requiredScopes, allowAnonymous } = given;
  if (!Array.isArray(authenticators) || authenticators.length === 0) {
    refuse('A2aAuthModule: authenticators must be an array with at least one, such as oidc({ issuer, audience }).');
  }
  authenticators.forEach(checkAuthenticator);
  const names = authenticators.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`A2aAuthModule: two authenticators have the name '${twice}': give one another name.`);
  const issuers = authenticators.filter((each) => each instanceof OidcAuthenticator);
  if (new Set(issuers.map(({ ownerPrefix }) => ownerPrefix)).size < issuers.length) {
    refuse(
      'A2aAuthModule: of several issuers each needs an ownerPrefix of its own: their callers may have the same names.',
    );
  }
  if (requiredScopes !== undefined) checkTexts(requiredScopes, 'A2aAuthModule: requiredScopes', refuse);
  checkBoolean(allowAnonymous, 'A2aAuthModule: allowAnonymous', refuse);
  return { ...AUTH_DEFAULTS, ...(definedOptions(given) as A2aAuthOptions) };
}

function checkAuthenticator(value: Authenticator, index: number): void {
  const where = `A2aAuthModule: authenticators[${index}]`;
  if (!isObject(value as unknown) || typeof value.authenticate !== 'function') {
    refuse(`${where} must be an object with a method authenticate(call), such as what oidc() gives.`);
  }
  if (typeof value.name !== 'string' || !NAME.test(value.name)) {
    refuse(`${where}.name must be 1 to 64 letters, digits and - . _`);
  }
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}
