import { describe, expect, it } from '@jest/globals';
import { EventQueue } from './event-queue.js';
import { QueueClosedError, QueueEmptyError } from './events.errors.js';

const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  let done = false;
  const note = (): void => void (done = true);
  promise.then(note, note);
  await new Promise((resolve) => setImmediate(resolve));
  return done;
};

describe('EventQueue', () => {
  it('gives the events in order, to those who wait in order', async () => {
    const queue = new EventQueue<number>();
    const [first, second] = [queue.dequeueEvent(), queue.dequeueEvent()];
    for (const n of [1, 2, 3, 4]) await queue.enqueueEvent(n);
    expect(await Promise.all([first, second, queue.dequeueEvent()])).toEqual([1, 2, 3]);
    expect(queue.length).toBe(1);
  });

  it('lets enqueue wait while it is full of items', async () => {
    const queue = new EventQueue<number>({ maxItems: 2 });
    await queue.enqueueEvent(1);
    await queue.enqueueEvent(2);
    const third = queue.enqueueEvent(3);
    expect(await settled(third)).toBe(false);
    expect(await queue.dequeueEvent()).toBe(1);
    await third;
    expect(queue.drain()).toEqual([2, 3]);
  });

  it('lets enqueue wait while it is full of bytes, and no small event passes a large one', async () => {
    const queue = new EventQueue<{ size: number }>({ maxBytes: 10 });
    await queue.enqueueEvent({ size: 6 });
    const large = queue.enqueueEvent({ size: 9 });
    const small = queue.enqueueEvent({ size: 1 });
    expect(await settled(small)).toBe(false);
    expect(queue.drain()).toEqual([{ size: 6 }]);
    await Promise.all([large, small]);
    expect(queue.drain()).toEqual([{ size: 9 }, { size: 1 }]);
  });

  it('accepts an offered event only if it need not wait', async () => {
    const queue = new EventQueue<number>({ maxItems: 1 });
    expect([queue.offerEvent(1), queue.offerEvent(2)]).toEqual([true, false]);
    const third = queue.enqueueEvent(3);
    expect(queue.drain()).toEqual([1]);
    await third;
    expect(queue.offerEvent(4)).toBe(false);
    expect(queue.drain()).toEqual([3]);
    expect(queue.offerEvent(4)).toBe(true);
    await queue.close({ immediate: true });
    expect(() => queue.offerEvent(5)).toThrow(QueueClosedError);
  });

  it('takes an event that is larger than the queue when it is empty', async () => {
    const queue = new EventQueue<string>({ maxBytes: 3, sizeOf: (text) => text.length });
    await queue.enqueueEvent('far too long');
    expect(await settled(queue.enqueueEvent('x'))).toBe(false);
    expect(await queue.dequeueEvent()).toBe('far too long');
  });

  it('holds 1024 items by default, and refuses limits below 1', async () => {
    const queue = new EventQueue<number>();
    for (let i = 0; i < 1024; i += 1) await queue.enqueueEvent(i);
    expect(await settled(queue.enqueueEvent(1024))).toBe(false);
    expect(() => new EventQueue({ maxItems: 0 })).toThrow(RangeError);
    expect(() => new EventQueue({ maxBytes: -1 })).toThrow(RangeError);
  });

  it('drains within its limits, but always one', async () => {
    const queue = new EventQueue<number>({ sizeOf: (n) => n });
    for (const n of [5, 2, 2, 9]) await queue.enqueueEvent(n);
    expect(queue.drain(10, 4)).toEqual([5]);
    expect(queue.drain(1)).toEqual([2]);
    expect(queue.drain(10, 4)).toEqual([2]);
    expect(queue.drain()).toEqual([9]);
    expect(queue.drain()).toEqual([]);
  });

  it('says that it is empty instead of waiting when asked to', async () => {
    await expect(new EventQueue().dequeueEvent({ noWait: true })).rejects.toThrow(QueueEmptyError);
  });

  it('loses nothing to a dequeue that was given up', async () => {
    const queue = new EventQueue<number>();
    const abort = new AbortController();
    const given = queue.dequeueEvent({ signal: abort.signal });
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(given).rejects.toBe(reason);
    await expect(queue.dequeueEvent({ signal: abort.signal })).rejects.toBe(reason);
    await queue.enqueueEvent(1);
    expect(queue.length).toBe(1);
  });

  it('says when there is something to take, without taking it', async () => {
    const queue = new EventQueue<number>();
    const ready = queue.whenReady();
    expect(await settled(ready)).toBe(false);
    await queue.enqueueEvent(1);
    await ready;
    await queue.whenReady();
    expect(queue.length).toBe(1);
  });

  it('drops what it holds on clearEvents, with the taps unless told otherwise, and then lets those in who wait', async () => {
    const queue = new EventQueue<number>({ maxItems: 1 });
    const tap = queue.tap();
    await queue.enqueueEvent(1);
    const waiting = queue.enqueueEvent(2);
    queue.clearEvents({ children: false });
    await waiting;
    expect([queue.length, tap.length]).toEqual([1, 2]);
    queue.clearEvents();
    expect([queue.length, tap.length, tap.lagging]).toEqual([0, 0, false]);
    await queue.enqueueEvent(3);
    expect([queue.drain(), tap.drain()]).toEqual([[3], [3]]);
  });

  it('keeps nothing for itself when it does not retain, and is never full', async () => {
    const queue = new EventQueue<number>({ retain: false, maxItems: 1 });
    const tap = queue.tap();
    for (const n of [1, 2, 3]) await queue.enqueueEvent(n);
    expect(queue.length).toBe(0);
    expect(queue.drain()).toEqual([]);
    expect(tap.drain()).toEqual([1, 2, 3]);
    await expect(queue.dequeueEvent()).rejects.toThrow(/retain: false/);
  });

  describe('close', () => {
    it('refuses what comes after and wakes all who wait', async () => {
      const full = new EventQueue<number>({ maxItems: 1 });
      await full.enqueueEvent(1);
      const empty = new EventQueue<number>();
      const waiting = [full.enqueueEvent(2), empty.dequeueEvent()];
      const ready = empty.whenReady();
      await Promise.all([full.close(), empty.close()]);
      for (const wait of waiting) await expect(wait).rejects.toThrow(QueueClosedError);
      await ready;
      await expect(full.enqueueEvent(3)).rejects.toThrow(QueueClosedError);
      expect(() => full.tap()).toThrow(QueueClosedError);
      expect([full.isClosed(), full.taps]).toEqual([true, 0]);
    });

    it('leaves what was accepted to be dequeued', async () => {
      const queue = new EventQueue<number>();
      const tap = queue.tap();
      await queue.enqueueEvent(1);
      await queue.close();
      for (const source of [queue, tap]) {
        expect(await source.dequeueEvent()).toBe(1);
        await expect(source.dequeueEvent({ noWait: true })).rejects.toThrow(QueueClosedError);
      }
    });

    it('waits until what was dequeued is acknowledged', async () => {
      const queue = new EventQueue<number>();
      for (const n of [1, 2, 3]) await queue.enqueueEvent(n);
      await queue.dequeueEvent();
      queue.drain(1);
      const closed = queue.close();
      queue.taskDone();
      expect(await settled(closed)).toBe(false);
      queue.taskDone();
      await closed;
      expect(() => queue.taskDone()).toThrow(RangeError);
    });

    it('goes on after its timeout when nobody acknowledges', async () => {
      const queue = new EventQueue<number>();
      await queue.enqueueEvent(1);
      await queue.dequeueEvent();
      await queue.close({ timeout: 10 });
      expect(queue.isClosed()).toBe(true);
    });

    it('drops everything when immediate, also after a graceful close that still waits', async () => {
      const queue = new EventQueue<number>();
      const tap = queue.tap();
      for (const n of [1, 2]) await queue.enqueueEvent(n);
      await queue.dequeueEvent();
      const graceful = queue.close();
      await queue.close({ immediate: true });
      await graceful;
      expect([queue.length, tap.length]).toEqual([0, 0]);
      await expect(tap.dequeueEvent()).rejects.toThrow(QueueClosedError);
    });
  });

  describe('asObservable', () => {
    it('shows the events from the subscription on, and completes on close', async () => {
      const queue = new EventQueue<number>();
      await queue.enqueueEvent(1);
      const seen: unknown[] = [];
      queue.asObservable().subscribe({ next: (n) => seen.push(n), complete: () => seen.push('complete') });
      await queue.enqueueEvent(2);
      await queue.close();
      expect(seen).toEqual([2, 'complete']);
      queue.asObservable().subscribe({ complete: () => seen.push('late') });
      new EventQueue().close().catch(() => seen.push('never'));
      expect(seen).toEqual([2, 'complete', 'late']);
    });

    it('keeps the order for all when a listener enqueues or closes while it is called', async () => {
      const queue = new EventQueue<number>({ retain: false });
      queue.asObservable().subscribe((n) => {
        if (n === 1) void queue.enqueueEvent(2);
        if (n === 2) void queue.close();
      });
      const seen: unknown[] = [];
      queue.asObservable().subscribe({ next: (n) => seen.push(n), complete: () => seen.push('complete') });
      await queue.enqueueEvent(1);
      expect(seen).toEqual([1, 2, 'complete']);
    });
  });
});
