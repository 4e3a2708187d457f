import { checkFlag, definedOptions, MAX_TIMER_MS, numberOptions, type NumberRange } from '../common/number-options.js';
import { OWNER_QUOTA_RANGES } from '../common/quotas/quotas.options.js';
import { type EncryptionKey, SecretBox } from '../security/keys/secret-box.js';
import { OutboundGuard, type RequireHttps } from '../security/outbound/index.js';
import { checkWebhookSigning, type WebhookSigningOptions } from './signing/webhook-signing.options.js';

export const PUSH_OPTIONS = Symbol('PushNotificationsOptions');

interface PushLimits {
  /** Configs of a task; 1 to 100. Default 10. */
  maxConfigsPerTask: number;
  /** Configs of all tasks of one owner that have not ended, over all tenants. Default 10,000. */
  maxConfigsPerOwner: number;
  /** Calls per second to the webhooks of one owner, over all tenants, in this process; more wait. Default 1,000. */
  maxPerOwnerPerSecond: number;
  /** Calls per second to one host (name and port), in this process; more wait. Default 500. */
  maxPerHostPerSecond: number;
  /**
   * Largest task, in bytes of its events, that a v0.3 webhook gets in full. A larger one comes without history and artifacts.
   * Default 4 MiB.
   */
  maxTaskBytes: number;
  /** Time from the connection to the end of the response, in ms. Default 10,000. */
  timeoutMs: number;
  /**
   * Concurrent calls of this process. Hosts that have not responded quickly yet share half of them, and a quarter for one owner.
   * Default 64.
   */
  concurrency: number;
  /** Concurrent calls to one host that responds quickly, and half as many for one owner; to any other host two. Default 32. */
  concurrencyPerHost: number;
  /** Consecutive calls without a response after which the circuit of a host opens: it is not called for a while. Default 3. */
  circuitFailures: number;
  /**
   * Time that the circuit stays open, in ms. It doubles each time that the host does not respond to the next call. Default 5,000.
   */
  circuitOpenMs: number;
  /** Longest time that the circuit stays open, in ms. Default 60,000. */
  circuitMaxOpenMs: number;
  /** Attempts to deliver one notification; then it is dropped. Default 10. */
  maxAttempts: number;
  /** Consecutive dropped notifications after which a config is disabled. Default 3. */
  disableAfter: number;
  /**
   * Delay before the second attempt, in ms. It doubles with each further one, less a random part of up to a half. Default 1,000.
   */
  firstRetryMs: number;
  /** Longest delay between two attempts, in ms, even if the receiver asks for more (`Retry-After`). Default 600,000. */
  maxRetryMs: number;
  /** Interval of the scans for entries of other processes, in ms. Default 2,000. */
  pollMs: number;
  /** Time at shutdown to deliver due notifications, in ms. The rest is delivered after the next start. Default 5,000. */
  drainMs: number;
}

/** Options of webhooks. */
export interface PushNotificationsOptions extends PushLimits {
  /**
   * Receivers that may be called although they are not public: host names (`hooks.internal`, `*.corp.example`), IP addresses and
   * CIDRs. A name on the list may have any IP address. Default: none.
   */
  allowedHosts: readonly string[];
  /** Refuses `http:` URLs. Default `unless-allowed`: those of hosts on `allowedHosts` are accepted. */
  requireHttps: RequireHttps;
  /** Sends a challenge, which the target must echo, before a config is stored. Default false. */
  verifyTargets: boolean;
  /** How notifications are signed. Default: only with the secrets that clients register. */
  signing?: WebhookSigningOptions;
  /**
   * Keys that encrypt tokens and credentials in the storage. The first one encrypts, the others only decrypt what they encrypted. 1 to
   * 16. Default: none; they are stored as given.
   */
  encryptionKeys?: readonly EncryptionKey[];
}

export const PUSH_DEFAULTS: Readonly<PushNotificationsOptions> = {
  allowedHosts: [],
  requireHttps: 'unless-allowed',
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
  maxConfigsPerOwner: OWNER_QUOTA_RANGES.webhooks,
  maxPerOwnerPerSecond: OWNER_QUOTA_RANGES.webhookCallsPerSecond,
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

/** Fills in the defaults. Throws RangeError naming the option that is wrong, and those that exist. */
export function pushNotificationsOptions(given: Partial<PushNotificationsOptions> = {}): PushNotificationsOptions {
  const {
    allowedHosts = PUSH_DEFAULTS.allowedHosts,
    requireHttps,
    verifyTargets,
    signing,
    encryptionKeys,
    ...limits
  } = given;
  checkHosts(allowedHosts);
  checkWebhookSigning(signing);
  if (encryptionKeys) new SecretBox(encryptionKeys, 'pushNotifications.encryptionKeys');
  const flags = definedOptions({ requireHttps, verifyTargets });
  for (const [name, value] of Object.entries(flags)) {
    if (name !== 'requireHttps' || value !== 'unless-allowed') checkFlag(value, `pushNotifications.${name}`);
  }
  const options: PushNotificationsOptions = {
    ...PUSH_DEFAULTS,
    allowedHosts,
    ...flags,
    ...definedOptions({ signing, encryptionKeys }),
  };
  return {
    ...options,
    ...numberOptions(limits, PUSH_RANGES, 'pushNotifications', [
      ...Object.keys(PUSH_DEFAULTS),
      'signing',
      'encryptionKeys',
    ]),
  };
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
