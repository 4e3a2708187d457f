import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LargestFirst } from './largest-first.js';

describe('LargestFirst', () => {
  it('has the largest at hand, whatever was put, changed and deleted', () => {
    const steps = fc.array(fc.tuple(fc.nat(12), fc.option(fc.nat(9))), { maxLength: 80 });
    fc.assert(
      fc.property(steps, (changes) => {
        const sizes = new Map<number, number>();
        const subject = new LargestFirst<number>((item) => sizes.get(item) ?? NaN);
        for (const [item, size] of changes) {
          if (size === null) {
            subject.delete(item);
            sizes.delete(item);
          } else {
            sizes.set(item, size);
            subject.put(item);
          }
          const { first } = subject;
          expect(first === undefined ? undefined : sizes.get(first)).toBe(
            sizes.size === 0 ? undefined : Math.max(...sizes.values()),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
