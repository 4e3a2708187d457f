import { describe, expect, it } from '@jest/globals';
import { setImmediate as tick } from 'node:timers/promises';
import { coalesce } from './coalesce.js';

async function* given<R>(texts: readonly string[], result: R): AsyncGenerator<string, R> {
  for (const text of texts) {
    await Promise.resolve();
    yield text;
  }
  return result;
}

describe('coalesce', () => {
  it('gives a piece as it comes to a consumer that waits, and returns what the source returns', async () => {
    let send!: (text: string | undefined) => void;
    const source = (async function* () {
      for (;;) {
        const text = await new Promise<string | undefined>((resolve) => (send = resolve));
        if (text === undefined) return 'stop';
        yield text;
      }
    })();
    const pieces = coalesce(source);
    for (const text of ['a', 'b', 'c']) {
      const next = pieces.next();
      await tick();
      send(text);
      expect(await next).toEqual({ done: false, value: text });
      await tick();
    }
    send(undefined);
    expect(await pieces.next()).toEqual({ done: true, value: 'stop' });
  });

  it('gives what came while the consumer was busy as one piece', async () => {
    const pieces = coalesce(given(['a', 'b', 'c', 'd'], 0));
    const first = await pieces.next();
    await tick();
    const second = await pieces.next();
    expect(`${String(first.value)}${String(second.value)}`).toBe('abcd');
    expect(await pieces.next()).toEqual({ done: true, value: 0 });
  });

  it('reads ahead no further than its limit', async () => {
    let read = 0;
    const source = (async function* () {
      for (; read < 100; read++) yield 'x'.repeat(10);
    })();
    const pieces = coalesce(source, 25);
    const first = await pieces.next();
    await tick();
    expect(read).toBeLessThan(8);
    let text = String(first.value);
    for await (const piece of pieces) text += piece;
    expect(text).toHaveLength(1000);
  });

  it('throws what the source throws, after what came before it', async () => {
    const source = (async function* () {
      yield 'a';
      throw new Error('broken');
    })();
    const pieces = coalesce(source);
    await tick();
    expect(await pieces.next()).toEqual({ done: false, value: 'a' });
    await expect(pieces.next()).rejects.toThrow('broken');
  });

  it('ends the source when the consumer leaves', async () => {
    let ended = false;
    const source = (async function* () {
      try {
        for (;;) yield 'x'.repeat(100);
      } finally {
        ended = true;
      }
    })();
    for await (const _ of coalesce(source, 100)) break;
    await tick();
    expect(ended).toBe(true);
  });
});
