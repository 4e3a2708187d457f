import { createHmac } from 'node:crypto';

/** Begins a secret of Standard Webhooks; base64 follows. */
const PREFIX = 'whsec_';
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export const WEBHOOK_SECRET_RULE = `whsec_ and ${MIN_BYTES} to ${MAX_BYTES} random bytes as base64`;

/** Whether the token of a webhook is a secret that signs, and not a token that is sent. */
export const isWebhookSecret = (token: string): boolean => token.startsWith(PREFIX);

/** The key in a secret of Standard Webhooks. undefined: it is not one. */
export function webhookSecretKey(secret: unknown): Buffer | undefined {
  if (typeof secret !== 'string' || !isWebhookSecret(secret)) return undefined;
  const text = secret.slice(PREFIX.length);
  const key = Buffer.from(text, 'base64');
  return BASE64.test(text) && key.length >= MIN_BYTES && key.length <= MAX_BYTES ? key : undefined;
}

/** A symmetric signature, as the header `webhook-signature` has it. Standard Webhooks, "Signature scheme". */
export const hmacSignature = (key: Buffer, id: string, timestamp: number, body: string): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
