import { describe, expect, it, jest } from '@jest/globals';
import { PulledIterator } from './pulled.iterator.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('PulledIterator', () => {
  it('gives what is pulled, and then only its end', async () => {
    const pull = jest.fn<() => Promise<number | undefined>>();
    pull.mockResolvedValueOnce(1).mockResolvedValueOnce(2).mockResolvedValueOnce(undefined).mockResolvedValue(3);
    const values: number[] = [];
    const iterator = new PulledIterator(pull, () => undefined);
    for await (const value of iterator) values.push(value);
    expect(values).toEqual([1, 2]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(pull).toHaveBeenCalledTimes(3);
  });

  it('pulls once at a time, in the order of the calls', async () => {
    const settle: ((value: number) => void)[] = [];
    const iterator = new PulledIterator<number>(
      () => new Promise((resolve) => settle.push(resolve)),
      () => undefined,
    );
    const results = [iterator.next(), iterator.next()];
    await turn();
    expect(settle).toHaveLength(1);
    settle[0]?.(1);
    await turn();
    settle[1]?.(2);
    expect((await Promise.all(results)).map(({ value }) => value)).toEqual([1, 2]);
  });

  it('stops its source when it is left, before the first pull and in the middle of one', async () => {
    const unpulled = jest.fn();
    const pull = jest.fn(() => Promise.resolve(1));
    const left = new PulledIterator(pull, unpulled);
    await left.return();
    expect(unpulled).toHaveBeenCalledTimes(1);
    expect(await left.next()).toEqual({ done: true, value: undefined });
    expect(pull).not.toHaveBeenCalled();

    let end = (): void => undefined;
    const waiting = new PulledIterator<number>(
      () => new Promise((resolve) => (end = () => resolve(undefined as never))),
      () => end(),
    );
    const result = waiting.next();
    await turn();
    await waiting.return();
    expect(await result).toEqual({ done: true, value: undefined });
  });

  it('throws what a pull throws, once, and stops its source', async () => {
    const stop = jest.fn();
    const iterator = new PulledIterator(() => Promise.reject(new Error('broken')), stop);
    await expect(iterator.next()).rejects.toThrow('broken');
    expect(stop).toHaveBeenCalledTimes(1);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('throws what its consumer throws into it, and stops its source', async () => {
    const stop = jest.fn();
    const iterator = new PulledIterator(() => Promise.resolve(1), stop);
    await expect(iterator.throw(new Error('enough'))).rejects.toThrow('enough');
    expect(stop).toHaveBeenCalledTimes(1);
    expect((await iterator.next()).done).toBe(true);
  });
});
