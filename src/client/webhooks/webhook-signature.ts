import { timingSafeEqual } from 'node:crypto';
import { hmacSignature } from '../../push-notifications/signing/webhook-secret.js';
import type { WebhookRequest } from './webhook.options.js';

/** How far a timestamp may be from now, so that a request that somebody saw cannot be repeated for long. Standard Webhooks. */
const TOLERANCE_MS = 5 * 60_000;

/** Whether a request has the signature of one of these keys, and is not older than five minutes. Standard Webhooks. */
export function isSigned({ headers, body }: WebhookRequest, keys: readonly Buffer[], now = Date.now()): boolean {
  const [id, at, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
  if (typeof id !== 'string' || typeof signatures !== 'string' || !/^\d{1,12}$/.test(String(at))) return false;
  const timestamp = Number(at);
  if (Math.abs(now - timestamp * 1000) > TOLERANCE_MS) return false;
  const text = body.toString();
  const expected = keys.map((key) => Buffer.from(hmacSignature(key, id, timestamp, text)));
  return signatures.split(' ').some((given) => expected.some((one) => same(one, Buffer.from(given))));
}

const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
