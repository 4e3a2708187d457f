import type { IncomingHttpHeaders } from 'node:http';
import { checkNames, checkWholeNumber } from '../../common/number-options.js';
import { isText } from '../../common/option-checks.js';
import {
  isWebhookSecret,
  WEBHOOK_SECRET_RULE,
  webhookSecretKey,
} from '../../push-notifications/signing/webhook-secret.js';
import { MemoryDeduplication, type WebhookDeduplication } from './deduplication.js';

export const WEBHOOK_OPTIONS = Symbol('A2aWebhookOptions');

/** A request to a webhook, before its body is read as a notification. */
export interface WebhookRequest {
  readonly headers: IncomingHttpHeaders;
  /** Path and query, as they were sent. */
  readonly url: string;
  /** The bytes that were sent, for a signature. */
  readonly body: Buffer;
}

/** What a receiver of webhooks accepts. */
export interface A2aWebhookOptions {
  /**
   * The `token` that you gave when you registered the webhook; several while you change it. It is compared with `X-A2A-Notification-Token`.
   * One that begins with `whsec_` is a secret that is never sent: the signature is checked instead (Standard Webhooks).
   * `false`: no token is needed; then set `verify`, or everyone who finds the address can call it.
   */
  token: string | readonly string[] | false;
  /** Checks more, such as a signature or `Authorization`. false: HTTP 401. It is called when the token was right. */
  verify?: (request: WebhookRequest) => boolean | Promise<boolean>;
  /** Where handled notifications are remembered. false: the handler gets repeated ones. Default: 10,000 in memory. */
  deduplication?: WebhookDeduplication | false;
  /** Largest body, in bytes. A larger one gets HTTP 413. Default 10,000,000. */
  bodyLimitBytes?: number;
}

export type CheckedWebhookOptions = Required<Omit<A2aWebhookOptions, 'token' | 'verify'>> & {
  /** undefined: none is needed. */
  readonly tokens?: { readonly plain: readonly string[]; readonly keys: readonly Buffer[] };
  readonly verify?: A2aWebhookOptions['verify'];
};

const DEFAULT_LIMIT = 10_000_000;
const NAMES: readonly (keyof A2aWebhookOptions)[] = ['token', 'verify', 'deduplication', 'bodyLimitBytes'];

/** With defaults. @throws TypeError or RangeError for a token that is none, an unknown option or a limit that is out of range. */
export function webhookOptions(given: A2aWebhookOptions): CheckedWebhookOptions {
  checkNames(given, NAMES, 'A2aWebhookModule');
  const { token, verify, deduplication = new MemoryDeduplication(), bodyLimitBytes = DEFAULT_LIMIT } = given;
  checkWholeNumber(bodyLimitBytes, [1, 512 * 1024 * 1024], 'A2aWebhookModule: bodyLimitBytes');
  return {
    deduplication,
    bodyLimitBytes,
    ...(token !== false && { tokens: checkedTokens(token) }),
    ...(verify && { verify }),
  };
}

function checkedTokens(token: string | readonly string[]): CheckedWebhookOptions['tokens'] {
  const all = typeof token === 'string' ? [token] : token;
  if (!Array.isArray(all) || all.length === 0 || !all.every(isText)) {
    throw new TypeError(
      'A2aWebhookModule: token must be the secret that you gave as token when you registered the webhook, but is empty or no text. ' +
        'Set token: false if the webhook needs none.',
    );
  }
  const [secrets, plain] = [all.filter(isWebhookSecret), all.filter((one: string) => !isWebhookSecret(one))];
  const keys = secrets.flatMap((secret: string) => webhookSecretKey(secret) ?? []);
  if (keys.length < secrets.length) {
    throw new TypeError(`A2aWebhookModule: a token that begins with whsec_ must be ${WEBHOOK_SECRET_RULE}.`);
  }
  return { plain, keys };
}
