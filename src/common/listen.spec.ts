import { describe, expect, it, jest } from '@jest/globals';
import { Subject } from 'rxjs';
import { listen } from './listen.js';

describe('listen', () => {
  it('calls each listener until it unsubscribes, the same function once for each subscription', () => {
    const source = new Subject<number>();
    const listener = jest.fn();
    const logger = { error: jest.fn() };
    const leave = listen(source, listener, logger);
    listen(source, listener, logger);
    source.next(1);
    leave();
    leave();
    source.next(2);
    expect(listener.mock.calls).toEqual([[1], [1], [2]]);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('logs what a listener throws, and calls the others and this one again', () => {
    const source = new Subject<number>();
    const error = jest.fn();
    const thrown = new Error('broken');
    const broken = jest.fn(() => {
      throw thrown;
    });
    const other = jest.fn();
    listen(source, broken, { error });
    listen(source, other, { error });
    source.next(1);
    source.next(2);
    expect([broken.mock.calls.length, other.mock.calls]).toEqual([2, [[1], [2]]]);
    expect(error).toHaveBeenCalledWith(expect.stringContaining('A listener threw'), thrown);
  });
});
