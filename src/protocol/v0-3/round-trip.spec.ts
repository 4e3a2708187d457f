import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { message, streamResponse, task } from '../../testing/arbitraries/index.js';
import { messageFromV03, streamResponseFromV03, taskFromV03 } from './from-v0-3.js';
import { v03Codec } from './v0-3.codec.js';

const decode = (params: unknown): unknown => v03Codec.decode('SendMessage', params).value;
const wire = (value: object): unknown => JSON.parse(JSON.stringify(value));

describe('v0.3 round trips', () => {
  it('bring any task back unchanged', () => {
    fc.assert(
      fc.property(task(), (original) => {
        expect(taskFromV03(wire(v03Codec.encode.Task(original)))).toEqual(original);
      }),
      { numRuns: 150 },
    );
  });

  it('bring any message back unchanged, also as the message of a request', () => {
    fc.assert(
      fc.property(message(), (original) => {
        const sent = wire(v03Codec.encode.Message(original));
        expect(messageFromV03(sent)).toEqual(original);
        expect(decode({ message: sent })).toEqual({ message: original });
      }),
      { numRuns: 150 },
    );
  });

  it('bring any stream response back unchanged', () => {
    fc.assert(
      fc.property(streamResponse(), fc.boolean(), (original, final) => {
        expect(streamResponseFromV03(wire(v03Codec.encode.StreamResponse(original, final)))).toEqual(original);
      }),
      { numRuns: 150 },
    );
  });

  it('leave the canonical object untouched', () => {
    fc.assert(
      fc.property(streamResponse(), (original) => {
        const before = JSON.stringify(original);
        v03Codec.encode.StreamResponse(original, true);
        expect(JSON.stringify(original)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });
});
