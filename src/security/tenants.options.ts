import { definedOptions } from '../common/number-options.js';
import { checkBoolean, checkKeys } from '../common/option-checks.js';
import type { CallContext } from './call-context.js';

export const TENANTS_OPTIONS = Symbol('TenantsOptions');

/**
 * The tenant of a call; undefined: none. `call.tenant` is that of the principal, else the one that the request names
 * (`namesTenant`), else the agent's own, else ''. To refuse the call, throw a ForbiddenException, an UnauthorizedException or an
 * A2AError.
 */
export type TenantResolver = (call: CallContext) => string | undefined | Promise<string | undefined>;

/** Which tenants are served, and where callers name theirs. */
export interface TenantsOptions {
  /**
   * Declared in the cards of all agents, so that v1.0 clients send it with each request (spec 8.3.2). It applies to callers that
   * name none. An agent's `tenant` takes precedence. Default: none.
   */
  readonly declared?: string;
  /** Refuses calls without a tenant, with INVALID_PARAMS. Default false. */
  readonly required?: boolean;
  /**
   * Decides for each call of each binding. Default: the tenant of the principal. A caller that a guard identified without a
   * tenant may name only the declared one, an anonymous one any.
   */
  readonly resolve?: TenantResolver;
}

/** The problem of a tenant that cards declare: clients use it in paths. */
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

/** Reserved first segments of paths, in lower case because routers may ignore the case. */
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

/** Whether a path segment may be a tenant: `/acme/message:send`. Requests may name any other tenant in their body or query. */
export const isTenantSegment = (name: string): boolean =>
  !/^\.{0,2}$|[/:]/.test(name) && !RESERVED.has(name.toLowerCase());
