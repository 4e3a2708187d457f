import { definedOptions } from '../common/number-options.js';
import { checkBoolean, checkKeys } from '../common/option-checks.js';
import type { CallContext } from './call-context.js';

export const TENANTS_OPTIONS = Symbol('TenantsOptions');

/**
 * The tenant that a call is for; undefined: none. `call.tenant` is the one of the principal, else the one that the request
 * names (`namesTenant`), else the agent's own, else ''. Throws to refuse: ForbiddenException, UnauthorizedException or an A2AError.
 */
export type TenantResolver = (call: CallContext) => string | undefined | Promise<string | undefined>;

export interface TenantsOptions {
  /**
   * Declared in the cards of all agents, so that clients of v1.0 send it with each request (spec 8.3.2); who names none is
   * taken to mean it. An agent's `tenant` goes first. Default: none.
   */
  readonly declared?: string;
  /** Refuses calls that are for no tenant, with INVALID_PARAMS. Default false. */
  readonly required?: boolean;
  /**
   * Decides for each call of each binding. Default: the tenant of the principal; a caller whom a guard has identified without a
   * tenant may name none but the declared one, an anonymous one any.
   */
  readonly resolve?: TenantResolver;
}

/** What is wrong with a tenant that cards are to declare: clients put it into paths. */
export const declaredTenantProblem = (tenant: unknown): string | undefined =>
  typeof tenant === 'string' && isTenantSegment(tenant) && encodeURIComponent(tenant) === tenant
    ? undefined
    : `is ${JSON.stringify(tenant)}: use letters, digits and - . _ ~, and no reserved path segment such as 'agents', 'tasks' or 'v1'.`;

const KEYS = ['declared', 'required', 'resolve'];
const WHERE = 'A2aModule: tenants';

export const TENANTS_DEFAULTS = { required: false } as const satisfies TenantsOptions;

/** Fills in the defaults. Throws TypeError naming the option that is wrong. */
export function tenantsOptions(given: TenantsOptions = {}): TenantsOptions {
  checkKeys(given, KEYS, WHERE, refuse);
  const { declared, required, resolve } = given as Record<string, unknown>;
  const problem = declared === undefined ? undefined : declaredTenantProblem(declared);
  if (problem !== undefined) refuse(`${WHERE}.declared ${problem}`);
  checkBoolean(required, `${WHERE}.required`, refuse);
  if (resolve !== undefined && typeof resolve !== 'function') refuse(`${WHERE}.resolve must be a function.`);
  return { ...TENANTS_DEFAULTS, ...definedOptions(given) };
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}

/** First segments of addresses that stand for something else, in lower case as routers may ignore it. */
const RESERVED = new Set([
  'agents',
  'docs',
  'docs-json',
  'health',
  'metrics',
  'console',
  'v1',
  'tasks',
  'message',
  'extendedagentcard',
  '.well-known',
]);

/** Whether a segment of a path may be a tenant: `/acme/message:send`. Requests may name any other tenant in their body or query. */
export const isTenantSegment = (name: string): boolean =>
  !/^\.{0,2}$|[/:]/.test(name) && !RESERVED.has(name.toLowerCase());
