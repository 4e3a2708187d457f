import { checkFlag, definedOptions, MAX_TIMER_MS, numberOptions, type NumberRange } from '../common/number-options.js';
import { OutboundGuard } from '../security/outbound/index.js';

export const PUSH_OPTIONS = Symbol('PushNotificationsOptions');

interface PushLimits {
  /** Configs that a task may have at a time; 1 to 100. Default 10. */
  maxConfigsPerTask: number;
  /** Configs of all tasks of one owner that have not ended, over all tenants. Default 10,000. */
  maxConfigsPerOwner: number;
  /** Calls a second of one owner's webhooks, over all tenants, in this process; more wait. Default 1,000. */
  maxPerOwnerPerSecond: number;
  /** Calls a second of one host (name and port), in this process; more wait. Default 500. */
  maxPerHostPerSecond: number;
  /** Bytes of the events of a task that a webhook of v0.3 gets whole; a larger one comes without history and artifacts. Default 4 MiB. */
  maxTaskBytes: number;
  /** From the connection to the end of the answer, in ms. Default 10,000. */
  timeoutMs: number;
  /**
   * Calls at a time, in this process. Hosts that have not answered quickly share half of them, and a quarter for one owner. Default 64.
   */
  concurrency: number;
  /** Of these to one host that answers quickly, and half as many of one owner; else two. Default 32. */
  concurrencyPerHost: number;
  /** Calls of one host in a row without an answer; then it is not called for a while. Default 3. */
  circuitFailures: number;
  /** For how long, in ms; it doubles each time that the host is silent when it is tried again. Default 5,000. */
  circuitOpenMs: number;
  /** The longest such time, in ms. Default 60,000. */
  circuitMaxOpenMs: number;
  /** Tries of one delivery; then it is given up. Default 10. */
  maxAttempts: number;
  /** Deliveries to a config that are given up in a row; then it is disabled. Default 3. */
  disableAfter: number;
  /** Before the second try, in ms; it doubles with each further one. A random part of up to a half is taken off. Default 1,000. */
  firstRetryMs: number;
  /** The longest time between two tries, in ms, also when the receiver asks for more (Retry-After). Default 600,000. */
  maxRetryMs: number;
  /** How often to look for deliveries that other processes left, in ms. Default 2,000. */
  pollMs: number;
  /** On shutdown what is owed may be delivered for this long, in ms; the rest is taken up at the next start. Default 5,000. */
  drainMs: number;
}

/** Webhooks: who may be called, and how hard to try. */
export interface PushNotificationsOptions extends PushLimits {
  /**
   * Receivers that may be called although they are not public: host names (`hooks.internal`, `*.corp.example`), addresses and
   * CIDRs. A name on the list may have any address. Default: none.
   */
  allowedHosts: readonly string[];
  /** Refuses http: urls. Default false. */
  requireHttps: boolean;
  /** Asks each target by a challenge, which it must echo, before a config is stored. Default false. */
  verifyTargets: boolean;
}

export const PUSH_DEFAULTS: Readonly<PushNotificationsOptions> = {
  allowedHosts: [],
  requireHttps: false,
  verifyTargets: false,
  maxConfigsPerTask: 10,
  maxConfigsPerOwner: 10_000,
  timeoutMs: 10_000,
  concurrency: 64,
  concurrencyPerHost: 32,
  maxPerHostPerSecond: 500,
  maxPerOwnerPerSecond: 1_000,
  circuitFailures: 3,
  circuitOpenMs: 5_000,
  circuitMaxOpenMs: 60_000,
  maxTaskBytes: 4 * 1024 * 1024,
  maxAttempts: 10,
  disableAfter: 3,
  firstRetryMs: 1_000,
  maxRetryMs: 600_000,
  pollMs: 2_000,
  drainMs: 5_000,
};

export const PUSH_RANGES: Readonly<Record<keyof PushLimits, NumberRange>> = {
  maxConfigsPerTask: [1, 100],
  maxConfigsPerOwner: [1, 10_000_000],
  maxPerOwnerPerSecond: [1, 1_000_000],
  maxPerHostPerSecond: [1, 1_000_000],
  maxTaskBytes: [1_024, 100_000_000],
  timeoutMs: [1, 600_000],
  concurrency: [1, 1_000],
  concurrencyPerHost: [1, 1_000],
  circuitFailures: [1, 1_000],
  circuitOpenMs: [1, MAX_TIMER_MS],
  circuitMaxOpenMs: [1, MAX_TIMER_MS],
  maxAttempts: [1, 1_000],
  disableAfter: [1, 1_000],
  firstRetryMs: [1, MAX_TIMER_MS],
  maxRetryMs: [1, MAX_TIMER_MS],
  pollMs: [10, 600_000],
  drainMs: [0, MAX_TIMER_MS],
};

/** Fills in the defaults. Throws RangeError naming the option that makes no sense, and those that there are. */
export function pushNotificationsOptions(given: Partial<PushNotificationsOptions> = {}): PushNotificationsOptions {
  const { allowedHosts = PUSH_DEFAULTS.allowedHosts, requireHttps, verifyTargets, ...limits } = given;
  checkHosts(allowedHosts);
  const flags = definedOptions({ requireHttps, verifyTargets });
  for (const [name, value] of Object.entries(flags)) checkFlag(value, `pushNotifications.${name}`);
  const options: PushNotificationsOptions = { ...PUSH_DEFAULTS, allowedHosts, ...flags };
  return { ...options, ...numberOptions(limits, PUSH_RANGES, 'pushNotifications', Object.keys(PUSH_DEFAULTS)) };
}

function checkHosts(allowedHosts: unknown): void {
  if (!Array.isArray(allowedHosts) || !allowedHosts.every((host) => typeof host === 'string')) {
    throw new RangeError(
      "pushNotifications.allowedHosts must be a list of strings, like ['localhost', '10.1.0.0/16'].",
    );
  }
  try {
    new OutboundGuard({ allow: allowedHosts });
  } catch (error) {
    throw new RangeError(`pushNotifications.allowedHosts: ${(error as Error).message}`, { cause: error });
  }
}
