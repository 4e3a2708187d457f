import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextLoop } from 'node:timers/promises';
import { AsyncSignal } from './async-signal.js';

describe('AsyncSignal', () => {
  /** Whether a wait ends without being woken. */
  const ends = (wait: Promise<void>): Promise<boolean> =>
    Promise.race([wait.then(() => true), nextLoop().then(() => false)]);

  it('wakes the one that waits, once', async () => {
    const signal = new AsyncSignal();
    const wait = signal.wait();
    expect(await ends(wait)).toBe(false);
    signal.set();
    expect(await ends(wait)).toBe(true);
    expect(await ends(signal.wait())).toBe(false);
  });

  it('keeps what is set while nobody waits for the next wait alone, however often it was set', async () => {
    const signal = new AsyncSignal();
    for (let i = 0; i < 3; i++) signal.set();
    expect([await ends(signal.wait()), await ends(signal.wait())]).toEqual([true, false]);
  });

  it('calls a listener the next time it is set, once, whatever was set before', () => {
    const signal = new AsyncSignal();
    let calls = 0;
    signal.set();
    signal.listen(() => calls++);
    expect(calls).toBe(0);
    signal.set();
    signal.set();
    expect(calls).toBe(1);
  });
});
