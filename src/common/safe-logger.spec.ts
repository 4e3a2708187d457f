import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SafeLogger } from './safe-logger.js';

const hostile = {
  get stack(): string {
    throw new Error('no stack for you');
  },
  get [Symbol.toStringTag](): string {
    throw new Error('no tag for you');
  },
};

class HostileError extends Error {
  override get stack(): string {
    throw new Error('no stack for you');
  }
}

describe('SafeLogger', () => {
  const seen: unknown[][] = [];
  const splitting = {
    log: (...args: unknown[]) => void seen.push(args),
    warn: (...args: unknown[]) => void seen.push(args),
    error: (message: string, trace?: string) => void seen.push([message, trace?.split('\n')[0]]),
  };
  afterEach(() => {
    Logger.overrideLogger(['error', 'warn', 'log']);
    seen.length = 0;
  });

  it.each<[string, unknown, unknown]>([
    ['an error', new Error('oops'), 'Error: oops'],
    ['an object', { status: 429 }, '{ status: 429 }'],
    ['a string', 'oops', 'oops'],
    ['null', null, 'null'],
  ])('gives the logger the stack as a string when %s was thrown', (_what, thrown, trace) => {
    Logger.overrideLogger(splitting);
    new SafeLogger('Test').error('It failed', thrown);
    expect(seen).toEqual([['It failed', trace]]);
  });

  it.each<[string, unknown]>([
    ['an object with throwing getters', hostile],
    ['an error with a throwing getter', new HostileError('x')],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
          getPrototypeOf: () => {
            throw new Error('no');
          },
        },
      ),
    ],
  ])('does not throw for %s', (_what, thrown) => {
    Logger.overrideLogger(splitting);
    const log = new SafeLogger('Test');
    expect(() => log.error('It failed', thrown)).not.toThrow();
    expect(() => log.warn(thrown)).not.toThrow();
    expect(seen).toHaveLength(2);
  });

  it('does not throw what the logger throws', () => {
    const broken = (): never => {
      throw new Error('the disk is full');
    };
    Logger.overrideLogger({ log: broken, warn: broken, error: broken });
    const log = new SafeLogger('Test');
    expect(() => [log.log('a'), log.warn('b'), log.error('c', new Error('d'))]).not.toThrow();
  });
});
