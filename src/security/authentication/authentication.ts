import { HttpException } from '@nestjs/common';
import { A2AError, unavailable } from '../../protocol/errors/index.js';
import type { SecurityRequirement, SecurityScheme } from '../../protocol/model/index.js';
import { isAuthenticated } from '../call-context.js';
import type { A2aPrincipal } from '../principal.js';
import { AuthenticationError } from './authentication.error.js';
import type { AuthSettings } from './authentication.options.js';
import { type AuthenticationCall, type Authenticator, headerOf } from './authenticator.interface.js';
import { principalProblem } from './checked-principal.js';
import { admitsAnyone, challengeOfDemand, type Demand, hasScopes, isEmpty, scopesOf } from './requirements.js';

/** The configured authentication. Optional: without it, only guards of the application identify callers. */
export const A2A_AUTHENTICATION = Symbol('A2aAuthentication');

/** Time that an authenticator has for one call, in ms. */
const LIMIT_MS = 10_000;

type Verdict = 'admitted' | 'lacks scopes' | 'lacks schemes';

/** Identifies callers, and holds them to what cards demand. */
export class Authentication {
  readonly #authenticators: readonly Authenticator[];
  /** Those that cards declare. */
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
  /** For agents that have none of their own; undefined if no card declares a scheme. */
  readonly requirements: readonly SecurityRequirement[] | undefined;

  constructor(private readonly settings: AuthSettings) {
    this.#authenticators = settings.authenticators;
    const declared = this.#authenticators.flatMap(({ name, scheme }) => (scheme ? [[name, scheme] as const] : []));
    this.schemes = Object.fromEntries(declared);
    const needed = declared.map(([name]) => ({ schemes: { [name]: { list: [...settings.requiredScopes] } } }));
    const open = settings.allowAnonymous ? [{ schemes: {} }] : [];
    this.requirements = needed.length + open.length > 0 ? [...needed, ...open] : undefined;
  }

  /** That of agents that say nothing else. */
  get demand(): Demand {
    return { securitySchemes: this.schemes, securityRequirements: this.requirements };
  }

  async start(): Promise<void> {
    for (const authenticator of this.#authenticators) await authenticator.start?.();
  }

  /**
   * The caller; undefined if it has no credentials and needs none. `known` is whom a guard of the application has identified, by any
   * means: only its scopes are checked. Rejects with AuthenticationError, or with what an authenticator throws.
   */
  async identify(
    call: AuthenticationCall,
    demand: Demand,
    known?: Partial<A2aPrincipal>,
  ): Promise<A2aPrincipal | undefined> {
    if (isKnown(known)) {
      if (this.#suffices(known, demand)) return known;
      throw lacksScopes(demand);
    }
    let lacking = false;
    for (const authenticator of this.#authenticators) {
      if (!isAsked(authenticator, demand)) continue;
      const principal = await this.#ask(authenticator, call, demand);
      if (principal === null) continue;
      const verdict = await this.#judge(authenticator, principal, call, demand);
      if (verdict === 'admitted') return principal;
      lacking ||= verdict === 'lacks scopes';
    }
    if (lacking) throw lacksScopes(demand);
    // Credentials that nobody knows must not make their sender anonymous.
    if (headerOf(call, 'authorization') !== undefined)
      throw refused('The credentials are not known here.', call, demand);
    if (admitsAnyone(demand)) return undefined;
    throw new AuthenticationError(
      'UNAUTHENTICATED',
      'This agent needs an authenticated caller: send credentials, as its card says.',
      challengeOfDemand(demand),
    );
  }

  /** Whether somebody whom no declared scheme identified has the scopes of an alternative. */
  #suffices(principal: Partial<A2aPrincipal>, { securityRequirements: alternatives }: Demand): boolean {
    if (alternatives === undefined) return hasScopes(principal, this.settings.requiredScopes);
    return alternatives.length === 0 || alternatives.some((each) => hasScopes(principal, scopesOf(each)));
  }

  /** Whether one of the alternatives is met. All schemes of an alternative must identify a caller; this one is who calls. */
  async #judge(
    { name, scheme }: Authenticator,
    principal: A2aPrincipal,
    call: AuthenticationCall,
    demand: Demand,
  ): Promise<Verdict> {
    const { securityRequirements: alternatives } = demand;
    if (scheme === undefined || !alternatives?.length)
      return this.#suffices(principal, demand) ? 'admitted' : 'lacks scopes';
    let verdict: Verdict = 'lacks schemes';
    for (const alternative of alternatives) {
      if (isEmpty(alternative)) return 'admitted';
      const { [name]: own, ...others } = alternative.schemes;
      if (own === undefined) continue;
      const all = hasScopes(principal, own.list) ? await this.#others(others, call, demand) : 'lacks scopes';
      if (all === 'admitted') return all;
      if (all === 'lacks scopes') verdict = all;
    }
    return verdict;
  }

  async #others(schemes: SecurityRequirement['schemes'], call: AuthenticationCall, demand: Demand): Promise<Verdict> {
    for (const [name, { list }] of Object.entries(schemes)) {
      const authenticator = this.#authenticators.find((each) => each.name === name);
      const principal = authenticator && (await this.#ask(authenticator, call, demand));
      if (!principal) return 'lacks schemes';
      if (!hasScopes(principal, list)) return 'lacks scopes';
    }
    return 'admitted';
  }

  async #ask(authenticator: Authenticator, call: AuthenticationCall, demand: Demand): Promise<A2aPrincipal | null> {
    let principal: A2aPrincipal | null;
    try {
      const answer = authenticator.authenticate(call);
      principal = answer instanceof Promise ? await inTime(answer, authenticator.name) : answer;
    } catch (error) {
      throw withChallenge(error, call, demand);
    }
    if (principal === null) return null;
    const problem = principalProblem(principal);
    if (problem !== undefined) throw refused(problem, call, demand);
    return principal;
  }
}

const isKnown = (principal: Partial<A2aPrincipal> | undefined): principal is A2aPrincipal =>
  principal?.owner !== undefined && isAuthenticated({ owner: principal.owner });

/** Those whose scheme no alternative names cannot help. */
const isAsked = ({ name, scheme }: Authenticator, { securityRequirements: alternatives }: Demand): boolean =>
  scheme === undefined || !alternatives?.length || alternatives.some(({ schemes }) => name in schemes);

function refused(message: string, call: AuthenticationCall, demand: Demand, cause?: unknown): AuthenticationError {
  const error = headerOf(call, 'authorization') === undefined ? undefined : 'invalid_token';
  return new AuthenticationError('UNAUTHENTICATED', message, challengeOfDemand(demand, error), { cause });
}

const lacksScopes = (demand: Demand): AuthenticationError =>
  new AuthenticationError(
    'PERMISSION_DENIED',
    'Your credentials do not have the scopes that this agent needs. Its card names them.',
    challengeOfDemand(demand, 'insufficient_scope'),
  );

function withChallenge(error: unknown, call: AuthenticationCall, demand: Demand): unknown {
  if (error instanceof AuthenticationError) return error;
  const unknown =
    (error instanceof A2AError && error.reason === 'UNAUTHENTICATED') ||
    (error instanceof HttpException && error.getStatus() === 401);
  return unknown ? refused(error.message, call, demand, error) : error;
}

async function inTime<T>(answer: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = (): Error =>
      unavailable(`The credentials could not be checked in time (${name}). Send the request again.`, undefined, 5);
    timer = setTimeout(() => reject(error()), LIMIT_MS).unref();
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
