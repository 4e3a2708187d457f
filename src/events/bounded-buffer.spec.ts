import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BoundedBuffer } from './bounded-buffer.js';

describe('BoundedBuffer', () => {
  it('is a FIFO, however often it wraps around, grows and is cleared', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 30 }) }) },
      { weight: 3, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 30 }) }) },
      { weight: 1, arbitrary: fc.constant({ clear: true }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const buffer = new BoundedBuffer<number>({ maxItems: 100 });
        let model: number[] = [];
        let next = 0;
        for (const each of steps) {
          if ('push' in each) {
            for (let i = 0; i < each.push; i += 1, next += 1) {
              expect(buffer.push(next)).toBe(model.length < 100);
              if (model.length < 100) model.push(next);
            }
          } else if ('take' in each) expect(buffer.take(each.take, Infinity)).toEqual(model.splice(0, each.take));
          else {
            buffer.clear();
            model = [];
          }
          expect(buffer.length).toBe(model.length);
          if (model.length > 0) expect(buffer.peek()).toBe(model[0]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('counts bytes by the size property unless told otherwise', () => {
    const buffer = new BoundedBuffer<object>({ maxBytes: 10 });
    expect([
      buffer.push({ size: 6 }),
      buffer.push({ size: 5 }),
      buffer.push({ size: 'x' }),
      buffer.push({ size: 4 }),
    ]).toEqual([true, false, true, true]);
  });
});
