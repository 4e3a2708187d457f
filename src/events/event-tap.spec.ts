import { describe, expect, it } from '@jest/globals';
import { EventQueue } from './event-queue.js';
import { QueueClosedError, TapLaggingError } from './events.errors.js';

const rootQueue = (): EventQueue<number> => new EventQueue<number>({ retain: false });

describe('QueueTap', () => {
  it('sees what is enqueued from now on', async () => {
    const queue = new EventQueue<number>();
    await queue.enqueueEvent(1);
    const tap = queue.tap();
    await queue.enqueueEvent(2);
    expect([tap.drain(), queue.drain()]).toEqual([[2], [1, 2]]);
  });

  it('lags after an overflow: drops what it held, takes nothing, and says so until it is resumed', async () => {
    const queue = rootQueue();
    const [slow, fast] = [queue.tap({ maxItems: 2 }), queue.tap()];
    for (const n of [1, 2, 3, 4]) await queue.enqueueEvent(n);
    expect([slow.lagging, slow.length]).toEqual([true, 0]);
    await slow.whenReady();
    await expect(slow.dequeueEvent()).rejects.toThrow(TapLaggingError);
    await expect(slow.dequeueEvent({ noWait: true })).rejects.toThrow(TapLaggingError);
    slow.resume();
    expect(slow.lagging).toBe(false);
    await queue.enqueueEvent(5);
    expect([slow.drain(), fast.drain()]).toEqual([[5], [1, 2, 3, 4, 5]]);
  });

  it('calls who listens once: for the next event, at once if there is one, and when nothing will come', async () => {
    const queue = rootQueue();
    const tap = queue.tap();
    const heard: string[] = [];
    tap.onReady(() => heard.push('first'));
    await queue.enqueueEvent(1);
    await queue.enqueueEvent(2);
    expect(heard).toEqual(['first']);
    tap.onReady(() => heard.push('there'));
    expect([heard.pop(), tap.drain()]).toEqual(['there', [1, 2]]);
    tap.onReady(() => heard.push('end'));
    expect(heard).toEqual(['first']);
    await queue.close();
    expect(heard).toEqual(['first', 'end']);
  });

  it('overflows by bytes too', async () => {
    const queue = rootQueue();
    const tap = queue.tap({ maxBytes: 5, sizeOf: (n) => n });
    await queue.enqueueEvent(9);
    expect(tap.drain()).toEqual([9]);
    await queue.enqueueEvent(3);
    await queue.enqueueEvent(3);
    expect(tap.lagging).toBe(true);
  });

  it('is gone when it is closed, and wakes who waits on it', async () => {
    const queue = rootQueue();
    const [tap, other] = [queue.tap(), queue.tap()];
    const waiting = tap.dequeueEvent();
    tap.close();
    tap.close();
    await expect(waiting).rejects.toThrow(QueueClosedError);
    await queue.enqueueEvent(1);
    expect([queue.taps, tap.isClosed(), tap.length, other.length]).toEqual([1, true, 0, 1]);
    await expect(tap.dequeueEvent()).rejects.toThrow(QueueClosedError);
  });

  it('makes taps that hang on the source', async () => {
    const queue = rootQueue();
    const tap = queue.tap();
    const second = tap.tap({ maxItems: 1 });
    expect(queue.taps).toBe(2);
    tap.close();
    await queue.enqueueEvent(1);
    expect(await second.dequeueEvent()).toBe(1);
    await queue.close();
    expect(() => second.tap()).toThrow(QueueClosedError);
  });

  it('is told of the end of its source while it waits', async () => {
    const queue = rootQueue();
    const waiting = queue.tap().dequeueEvent();
    await queue.close();
    await expect(waiting).rejects.toThrow(QueueClosedError);
  });
});
