import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { labChunk } from './lab-chunk.js';

const index = () => fc.nat({ max: 999_999 });

describe('labChunk', () => {
  it('has exactly the bytes asked for, as plain text that JSON leaves as it is', () => {
    fc.assert(
      fc.property(index(), fc.integer({ min: 1, max: 2000 }), (i, bytes) => {
        const chunk = labChunk(i, bytes);
        expect(Buffer.byteLength(chunk)).toBe(bytes);
        expect(JSON.stringify(chunk)).toBe(`"${chunk}"`);
      }),
      { numRuns: 100 },
    );
  });

  it('begins with the index in 8 digits', () => {
    expect(labChunk(0, 9)).toBe('00000000A');
    expect(labChunk(41, 12)).toBe('00000041pqrs');
    expect(labChunk(999_999, 8)).toBe('00999999');
  });

  it('is the last digits of the index when there is no room for 8', () => {
    expect(labChunk(1234, 3)).toBe('234');
  });

  it('differs from its neighbour in what follows the index', () => {
    fc.assert(
      fc.property(index(), fc.integer({ min: 9, max: 300 }), (i, bytes) => {
        expect(labChunk(i, bytes).slice(8)).not.toBe(labChunk(i + 1, bytes).slice(8));
      }),
      { numRuns: 100 },
    );
  });

  it('is the same each time', () => {
    expect(labChunk(77, 500)).toBe(labChunk(77, 500));
  });
});
