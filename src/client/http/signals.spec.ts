import { describe, expect, it } from '@jest/globals';
import { getEventListeners, getMaxListeners } from 'node:events';
import { linkedSignal, waitFor } from './signals.js';

const reason = new Error('enough');

describe('linkedSignal', () => {
  it('aborts with the first of its signals, and with its reason', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const { signal } = linkedSignal(one.signal, undefined, other.signal);
    expect(signal.aborted).toBe(false);
    other.abort(reason);
    one.abort(new Error('too late'));
    expect(signal.reason).toBe(reason);
    expect(linkedSignal(undefined, other.signal).signal.reason).toBe(reason);
  });

  it('leaves nothing on a signal when it is unlinked, and may be one of many', () => {
    const controller = new AbortController();
    const links = Array.from({ length: 100 }, () => linkedSignal(controller.signal));
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(100);
    // Node warns of a leak above that, unless it is 0.
    expect(getMaxListeners(controller.signal) || Infinity).toBeGreaterThan(100);
    for (const { unlink } of links) unlink();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort(reason);
    expect(links[0]!.signal.aborted).toBe(false);
  });
});

describe('waitFor', () => {
  it('waits for the work, or for the signal', async () => {
    const controller = new AbortController();
    expect(await waitFor(Promise.resolve(1), undefined)).toBe(1);
    expect(await waitFor(Promise.resolve(2), controller.signal)).toBe(2);
    await expect(waitFor(Promise.reject(reason), controller.signal)).rejects.toBe(reason);
    const waiting = waitFor(new Promise(() => undefined), controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(waitFor(Promise.reject(new Error('unseen')), controller.signal)).rejects.toBe(reason);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
