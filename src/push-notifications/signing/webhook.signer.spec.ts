import { describe, expect, it } from '@jest/globals';
import { createPublicKey, randomBytes } from 'node:crypto';
import { ALGORITHMS, covers, headerOf, newKey, pemOf, publicJwkOf } from '../../../test/support/signing-keys.js';
import { hmacSignature, isWebhookSecret, webhookSecretKey } from './webhook-secret.js';
import { checkWebhookSigning, type WebhookSigningOptions } from './webhook-signing.options.js';
import { WebhookSigner } from './webhook.signer.js';

const secretOf = (bytes = 24): string => `whsec_${randomBytes(bytes).toString('base64')}`;
const NOW = Date.UTC(2030, 0, 1, 0, 0, 0, 999);
const notification = { id: 'task/3', body: '{"text":"é"}' };
const AT = String(Math.floor(NOW / 1000));

describe('signatures by a secret', () => {
  it('are those of Standard Webhooks: the example of its libraries', () => {
    const key = webhookSecretKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')!;
    const signature = hmacSignature(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}');
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('are made with each secret of the server, the newest first', async () => {
    const secrets = [secretOf(), secretOf(64)];
    const headers = await (await WebhookSigner.create({ secrets })).headersOf(notification, NOW);
    const expected = secrets.map((secret) =>
      hmacSignature(webhookSecretKey(secret)!, 'task/3', Number(AT), notification.body),
    );
    expect(headers).toEqual({
      'webhook-id': 'task/3',
      'webhook-timestamp': AT,
      'webhook-signature': expected.join(' '),
    });
  });

  it('are made with the secret of the client alone, if it registered one', async () => {
    const token = secretOf(32);
    for (const signing of [{}, { secrets: [secretOf()] }]) {
      const signer = await WebhookSigner.create(signing);
      const headers = await signer.headersOf({ ...notification, token }, NOW);
      expect(headers['webhook-signature']).toBe(
        hmacSignature(webhookSecretKey(token)!, 'task/3', Number(AT), notification.body),
      );
    }
  });

  it('are not made without a secret', async () => {
    expect(await (await WebhookSigner.create()).headersOf({ ...notification, token: 'plain' })).toEqual({});
  });
});

describe.each(ALGORITHMS)('a detached signature with %s', (alg) => {
  const key = newKey(alg);
  const old = { publicKey: publicJwkOf(newKey('EdDSA')), kid: 'old' };

  it('covers the body, and says when and with which key it was made', async () => {
    const signer = await WebhookSigner.create({ keys: [old, { privateKey: pemOf(key), kid: 'new' }] });
    const headers = await signer.headersOf(notification, NOW);
    const [header = '', payload, signature = ''] = headers['X-A2A-Notification-Signature']!.split('.');
    expect(payload).toBe('');
    const jws = { protected: header, signature };
    expect(headerOf(jws)).toEqual({ alg, kid: 'new', iat: Number(AT), jti: 'task/3' });
    expect(covers(jws, notification.body, createPublicKey(key))).toBe(true);
    expect(covers(jws, `${notification.body} `, createPublicKey(key))).toBe(false);
    expect(headers).toMatchObject({ 'webhook-id': 'task/3', 'webhook-timestamp': AT });
    expect(signer.keySet?.keys.map(({ kid }) => kid)).toEqual(['old', 'new']);
    expect(JSON.stringify(signer.keySet)).not.toContain('"d"');
  });
});

describe('at boot', () => {
  it.each([
    ['secrets[1]', { secrets: [secretOf(), 'whsec_short'] }],
    ['secrets[0]', { secrets: [secretOf(23)] }],
    ['secrets[0]', { secrets: [secretOf(65)] }],
    ['secrets[0]', { secrets: [randomBytes(24).toString('base64')] }],
    ['secrets must be an array of at most 8', { secrets: Array.from({ length: 9 }, () => secretOf()) }],
    ['secrets must be an array', { secrets: 'whsec_' }],
    ['is not an option', { secret: secretOf() }],
  ])('refuses %s and shows no secret', (text, given) => {
    let message = '';
    try {
      checkWebhookSigning(given as WebhookSigningOptions);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(text);
    expect(message).not.toMatch(/whsec_[^ ]/);
  });

  it('names the key that is wrong', async () => {
    await expect(WebhookSigner.create({ keys: [{ privateKey: 'no' }] })).rejects.toThrow(
      'A2aModule: pushNotifications.signing.keys[0]: its privateKey cannot be read',
    );
  });

  it('takes only what begins with whsec_ for a secret', () => {
    expect(isWebhookSecret('whsec_x')).toBe(true);
    expect(isWebhookSecret('token')).toBe(false);
  });
});
