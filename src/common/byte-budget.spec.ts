import { describe, expect, it } from '@jest/globals';
import { ByteBudget, type HeldBytes, type OverBudget } from './byte-budget.js';

const budget = (): ByteBudget => new ByteBudget({ maxBytes: 100, maxBytesPerOwner: 40 });

function held(result: HeldBytes | OverBudget): HeldBytes {
  if (!result.ok) throw new Error(`refused by the ${result.full}`);
  return result;
}

describe('ByteBudget', () => {
  it('refuses an owner beyond its share, and everybody beyond the cap, until something is given back', () => {
    const bytes = budget();
    const first = held(bytes.acquire('a', 40));
    expect(bytes.acquire('a', 1)).toEqual({ ok: false, full: 'owner', limit: 40 });
    held(bytes.acquire('b', 40));
    held(bytes.acquire('c', 20));
    expect(bytes.acquire('d', 1)).toEqual({ ok: false, full: 'process', limit: 100 });
    first.release();
    first.release();
    expect([bytes.held(), bytes.held('a'), bytes.held('b')]).toEqual([60, 0, 40]);
    held(bytes.acquire('d', 40));
  });

  it('lets small things pass where large ones have taken the whole cap, up to an eighth more', () => {
    const bytes = new ByteBudget({ maxBytes: 8192, maxBytesPerOwner: 4096 });
    held(bytes.acquire('a', 4096));
    held(bytes.acquire('b', 4096));
    expect(bytes.acquire('c', 3)).toEqual({ ok: false, full: 'process', limit: 8192 });
    expect(bytes.acquire('a', 1)).toEqual({ ok: false, full: 'owner', limit: 4096 });
    for (let n = 0; n < 512; n++) held(bytes.acquire('c', 2));
    expect(bytes.acquire('c', 1)).toEqual({ ok: false, full: 'process', limit: 8192 });
  });

  it('does not take what grows for small', () => {
    const bytes = new ByteBudget({ maxBytes: 8192, maxBytesPerOwner: 8192 });
    const upload = held(bytes.acquire('a', 2));
    held(bytes.acquire('b', 8190));
    expect(upload.grow(1)).toEqual({ ok: false, full: 'process', limit: 8192 });
  });

  it('grows as more arrives, and keeps what it had when there is no room for more', () => {
    const bytes = budget();
    const upload = held(bytes.acquire('a', 10));
    expect(upload.grow(20)).toBeUndefined();
    const other = held(bytes.acquire('a', 10));
    expect(upload.grow(5)).toEqual({ ok: false, full: 'owner', limit: 40 });
    expect([upload.bytes, bytes.held('a')]).toEqual([30, 40]);
    other.release();
    upload.release();
    expect(upload.grow(5)).toBeUndefined();
    expect(bytes.held()).toBe(0);
  });

  it('lets one thing that is larger than the share pass when nothing else is held, also while it grows', () => {
    const bytes = budget();
    const large = held(bytes.acquire('a', 90));
    expect(bytes.acquire('a', 1)).toMatchObject({ full: 'owner' });
    held(bytes.acquire('b', 10)).release();
    large.release();
    held(bytes.acquire('a', 500)).release();
    const growing = held(bytes.acquire('a', 1));
    expect(growing.grow(60)).toBeUndefined();
    const other = held(bytes.acquire('b', 39));
    expect(growing.grow(1)).toMatchObject({ full: 'process' });
    other.release();
    expect(growing.grow(60)).toBeUndefined();
    expect(bytes.held()).toBe(121);
  });

  it('counts memory that many hold once, and once for each owner, until the last lets go', () => {
    const bytes = budget();
    const snapshot = Buffer.alloc(30);
    const readers = ['a', 'a', 'b'].map((owner) => held(bytes.acquire(owner, 30, snapshot)));
    expect([bytes.held(), bytes.held('a'), bytes.held('b')]).toEqual([30, 30, 30]);
    expect(bytes.acquire('a', 20)).toMatchObject({ full: 'owner' });
    readers[0]?.release();
    expect([bytes.held(), bytes.held('a')]).toEqual([30, 30]);
    readers[1]?.release();
    expect([bytes.held(), bytes.held('a')]).toEqual([30, 0]);
    readers[2]?.release();
    expect(bytes.held()).toBe(0);
  });

  it('counts what cannot be refused any more, so that others are', () => {
    const bytes = budget();
    const sent = bytes.hold('a', 120);
    expect(bytes.acquire('b', 1)).toMatchObject({ full: 'process' });
    sent.release();
    expect(bytes.held()).toBe(0);
  });
});
