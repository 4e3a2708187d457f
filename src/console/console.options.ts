import type { A2aAdminModuleOptions, AdminAuthorization } from '../admin/index.js';
import { checkTraceUrl } from '../admin/trace-url.js';
import { isObject } from '../common/is-object.js';
import { checkBoolean, checkKeys, show } from '../common/option-checks.js';

export const CONSOLE_OPTIONS = Symbol('A2aConsoleOptions');

/** Options of `A2aConsoleModule.forRoot`. */
export interface A2aConsoleModuleOptions {
  /** Where the console is, below a global prefix if there is one. Its API is at `api` below it. Default '/console'. */
  readonly path?: string;
  /**
   * Who may use it. Default 'loopback': browsers on this machine, not through a proxy. With another value the pages, which hold no
   * data, are served to everybody, because a browser cannot send a token with them; the console asks for a bearer token.
   */
  readonly authorize?: AdminAuthorization;
  /** true: it shows and changes nothing. Default: true, unless `authorize` is 'loopback'. */
  readonly readOnly?: boolean;
  /**
   * What the overview does while there is no task: 'offer' a first one of the default agent, or 'play' it at once. 'play' has no effect
   * if `readOnly` is true. Default 'offer'.
   */
  readonly firstTask?: 'offer' | 'play';
  /** Event streams of browsers that may be open at a time in this process; 1 to 10,000. Default 100. */
  readonly maxStreams?: number;
  /**
   * Where your tracing UI shows a trace, such as 'https://jaeger.example.com/trace/{traceId}': the screen of a task links its traces to it.
   * An http or https URL with `{traceId}` in it. Default: none, and the ids of traces are only shown.
   */
  readonly traceUrl?: string;
}

/** The options with their defaults. */
export interface ConsoleSettings {
  /** Without slashes at its ends. */
  readonly path: string;
  readonly firstTask: 'offer' | 'play';
  readonly admin: A2aAdminModuleOptions;
}

export const CONSOLE_DEFAULTS = {
  path: '/console',
  authorize: 'loopback',
  firstTask: 'offer',
} as const satisfies A2aConsoleModuleOptions;

const KEYS = ['path', 'authorize', 'readOnly', 'firstTask', 'maxStreams', 'traceUrl'];

/** Fills in the defaults. Throws TypeError naming the option that is wrong; the rest is checked by A2aAdminModule. */
export function consoleSettings(given: A2aConsoleModuleOptions = {}): ConsoleSettings {
  const options: unknown = given;
  if (!isObject(options)) refuse('A2aConsoleModule: the options must be an object.');
  checkKeys(options, KEYS, 'A2aConsoleModule', refuse);
  const {
    path = CONSOLE_DEFAULTS.path,
    authorize = CONSOLE_DEFAULTS.authorize,
    firstTask = CONSOLE_DEFAULTS.firstTask,
  } = given;
  const trimmed = typeof path === 'string' ? path.replace(/^\/+|\/+$/g, '') : '';
  if (!/^[\w.~-]+(\/[\w.~-]+)*$/.test(trimmed)) {
    refuse(`A2aConsoleModule: path is ${show(path)}: give a path without parameters, such as '/console'.`);
  }
  if (firstTask !== 'offer' && firstTask !== 'play') {
    refuse(`A2aConsoleModule: firstTask is ${show(firstTask)}: use 'offer' or 'play'.`);
  }
  const { readOnly = authorize !== 'loopback', maxStreams, traceUrl } = given;
  checkBoolean(readOnly, 'A2aConsoleModule: readOnly', refuse);
  checkTraceUrl(traceUrl, 'A2aConsoleModule', refuse);
  return { path: trimmed, firstTask, admin: { authorize, readOnly, maxStreams, traceUrl } };
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}
