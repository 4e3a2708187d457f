import { isObject } from '../common/is-object.js';
import { checkBoolean, checkKeys } from '../common/option-checks.js';
import { checkWholeNumber, definedOptions } from '../common/number-options.js';
import type { AdminAuthorization } from './access/admin.authorizer.js';
import { checkTraceUrl } from './trace-url.js';

export const ADMIN_OPTIONS = Symbol('A2aAdminOptions');

/** Options of `A2aAdminModule.forRoot`. */
export interface A2aAdminModuleOptions {
  /** Below which path the routes are. '' is the root of the application. Default 'admin'. */
  readonly path?: string;
  /** Who is an operator. Required: there is no default. */
  readonly authorize: AdminAuthorization;
  /** true: the API changes nothing. Default false. */
  readonly readOnly?: boolean;
  /** Event streams of operators that may be open at a time in this process; 1 to 10,000. Default 100. */
  readonly maxStreams?: number;
  /**
   * true: only requests whose Host header names this machine are answered, which protects a listener on loopback from pages whose name
   * was made to resolve to it. Default: true for `authorize: 'loopback'`, else false.
   */
  readonly loopbackHostsOnly?: boolean;
  /**
   * Where your tracing UI shows a trace: an http or https URL with `{traceId}` in it. `GET /session` gives it to operators, and the console
   * links the traces of tasks to it. Default: there is none.
   *
   * @example 'https://jaeger.example.com/trace/{traceId}'
   */
  readonly traceUrl?: string;
}

export const ADMIN_DEFAULTS = {
  path: 'admin',
  readOnly: false,
  maxStreams: 100,
} as const satisfies Partial<A2aAdminModuleOptions>;

/** The options with their defaults. */
export type AdminSettings = Required<Omit<A2aAdminModuleOptions, 'traceUrl'>> & Pick<A2aAdminModuleOptions, 'traceUrl'>;

const KEYS = ['authorize', 'loopbackHostsOnly', 'traceUrl', ...Object.keys(ADMIN_DEFAULTS)];
const EXAMPLE = "A2aAdminModule.forRoot({ authorize: (request) => request.user?.role === 'operator' })";

/** Fills in the defaults. Throws TypeError or RangeError naming the option that is wrong. */
export function adminSettings(given: A2aAdminModuleOptions): AdminSettings {
  const options: unknown = given;
  if (!isObject(options) || options.authorize === undefined) {
    refuse(`A2aAdminModule: authorize is missing. It says who is an operator: ${EXAMPLE}.`);
  }
  checkKeys(options, KEYS, 'A2aAdminModule', refuse);
  const { authorize, path, readOnly, maxStreams = ADMIN_DEFAULTS.maxStreams, loopbackHostsOnly } = given;
  if (!isAuthorization(authorize)) {
    refuse(`A2aAdminModule: authorize must be 'loopback', a function, or { provider }, as in ${EXAMPLE}.`);
  }
  if (path !== undefined && (typeof path !== 'string' || /[?#:*{}()\s]/.test(path))) {
    refuse("A2aAdminModule: path must be a path without parameters, such as 'admin'.");
  }
  for (const [name, flag] of Object.entries({ readOnly, loopbackHostsOnly })) {
    checkBoolean(flag, `A2aAdminModule: ${name}`, refuse);
  }
  checkWholeNumber(maxStreams, [1, 10_000], 'A2aAdminModule: maxStreams');
  checkTraceUrl(given.traceUrl, 'A2aAdminModule', refuse);
  return {
    ...ADMIN_DEFAULTS,
    loopbackHostsOnly: authorize === 'loopback',
    ...(definedOptions(given) as A2aAdminModuleOptions),
  };
}

function isAuthorization(value: unknown): value is AdminAuthorization {
  if (value === 'loopback' || typeof value === 'function') return true;
  return isObject(value) && value.provider !== undefined && Object.keys(value).length === 1;
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}
