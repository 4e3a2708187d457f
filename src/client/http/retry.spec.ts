import { describe, expect, it } from '@jest/globals';
import {
  A2AClientConnectionError,
  A2AClientHTTPError,
  A2AClientJSONError,
  A2AClientLimitError,
  A2AClientTimeoutError,
  A2ARemoteError,
} from '../errors/client.errors.js';
import { repeated } from './repeated.js';
import { isTransient, pause, Retry } from './retry.js';

const broken = new A2AClientConnectionError('broken', true);
const remote = (reason: ConstructorParameters<typeof A2ARemoteError>[0], retryAfter?: number) =>
  new A2ARemoteError(reason, 'no', { code: 0, retryAfter });

const waitsOf = (retry: Retry, errors: readonly unknown[]): number[] => errors.map((error) => retry.delayAfter(error));

describe('isTransient', () => {
  it.each([
    broken,
    new A2AClientTimeoutError('slow'),
    new A2AClientHTTPError(503, 'down'),
    new A2AClientHTTPError(429, 'busy'),
    remote('UNAVAILABLE'),
    remote('RESOURCE_EXHAUSTED'),
    remote('INTERNAL'),
  ])('is true of %p', (error) => expect(isTransient(error)).toBe(true));

  it.each([
    new A2AClientConnectionError('certificate', false, 'CERT_HAS_EXPIRED'),
    new A2AClientConnectionError('certificate', false, 'DEPTH_ZERO_SELF_SIGNED_CERT'),
    new A2AClientHTTPError(404, 'nothing'),
    new A2AClientJSONError('html'),
    new A2AClientLimitError('much'),
    remote('TASK_NOT_FOUND'),
    remote('UNAUTHENTICATED'),
    remote(undefined),
    new Error('other'),
  ])('is false of %p', (error) => expect(isTransient(error)).toBe(false));
});

describe('Retry', () => {
  const options = { attempts: 6, minDelayMs: 100, maxDelayMs: 1_000 };

  it('waits twice as long each time, up to the longest wait', () => {
    expect(waitsOf(new Retry(options, undefined, () => 1), Array(6).fill(broken))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
  });

  it('takes off a random part, up to the half', () => {
    expect(waitsOf(new Retry(options, undefined, () => 0), Array(5).fill(broken))).toEqual([50, 100, 200, 400, 500]);
  });

  it('begins anew when it worked in between', () => {
    const retry = new Retry(options, undefined, () => 1);
    waitsOf(retry, [broken, broken]);
    retry.succeeded();
    expect(waitsOf(retry, [broken])).toEqual([100]);
  });

  it('throws the error when there were too many', async () => {
    await expect(new Retry({ ...options, attempts: 0 }).after(broken)).rejects.toBe(broken);
    const retry = new Retry({ attempts: 2, minDelayMs: 0, maxDelayMs: 0 });
    await retry.after(broken);
    await retry.after(broken);
    await expect(retry.after(broken)).rejects.toBe(broken);
  });

  it('waits as long as the agent asks, or not at all', () => {
    const retry = new Retry(options, undefined, () => 1);
    expect(waitsOf(retry, [remote('UNAVAILABLE', 2), new A2AClientHTTPError(503, 'down', 3)])).toEqual([2000, 3000]);
    const long = remote('UNAVAILABLE', 4);
    expect(() => retry.delayAfter(long)).toThrow(long);
    const asked = new Retry(options, undefined, () => 1);
    asked.ask(700);
    expect(waitsOf(asked, [broken])).toEqual([700]);
    asked.ask(60_000);
    expect(waitsOf(asked, [broken])).toEqual([3000]);
  });

  it('stops with the reason of its signal', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const waiting = new Retry({ ...options, minDelayMs: 60_000, maxDelayMs: 60_000 }, controller.signal).after(broken);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(pause(1, controller.signal)).rejects.toBe(reason);
  });
});

describe('repeated', () => {
  const retry = (): Retry => new Retry({ attempts: 3, minDelayMs: 0, maxDelayMs: 0 });

  function failing(...errors: unknown[]): () => Promise<string> {
    return async () => {
      if (errors.length > 0) throw errors.shift();
      return 'done';
    };
  }

  it('does the work again where that may be', async () => {
    const options = { retry: retry(), mayRepeat: () => true };
    expect(await repeated(failing(broken, remote('UNAVAILABLE')), options)).toBe('done');
  });

  it('does it again anyway when the request was not sent', async () => {
    const refused = new A2AClientConnectionError('refused', false, 'ECONNREFUSED');
    expect(await repeated(failing(refused), { retry: retry(), mayRepeat: () => false })).toBe('done');
    await expect(repeated(failing(broken), { retry: retry(), mayRepeat: () => false })).rejects.toBe(broken);
  });

  it('does not do again what fails for good', async () => {
    const missing = remote('TASK_NOT_FOUND');
    await expect(repeated(failing(missing), { retry: retry(), mayRepeat: () => true })).rejects.toBe(missing);
  });

  it('rejects with the reason of its signal', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(repeated(failing(broken), { retry: retry(), mayRepeat: () => true, signal })).rejects.toBe(reason);
  });
});
