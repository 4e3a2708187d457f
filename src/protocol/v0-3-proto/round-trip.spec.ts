import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { message, streamResponse, task } from '../../testing/arbitraries/index.js';
import { messageFromProto, streamResponseFromProto, taskFromProto } from './from-proto.js';
import { v03ProtoCodec } from './v0-3-proto.codec.js';

const decode = (params: unknown): unknown => v03ProtoCodec.decode('SendMessage', params).value;
const wire = (value: object): unknown => JSON.parse(JSON.stringify(value));

/** What the v0.3 proto cannot tell: references to other tasks, and empty names of files from none. */
function asProtoHolds<T>(value: T): T {
  if (Array.isArray(value)) return value.map(asProtoHolds) as T;
  if (typeof value !== 'object' || value === null) return value;
  const { referenceTaskIds: _references, ...kept } = value as Record<string, unknown>;
  if ('raw' in kept || 'url' in kept) {
    if (kept.filename === '') delete kept.filename;
    if (kept.mediaType === '') delete kept.mediaType;
  }
  for (const [key, member] of Object.entries(kept))
    if (key !== 'metadata' && key !== 'data') kept[key] = asProtoHolds(member);
  return kept as T;
}

describe('v0.3 ProtoJSON round trips', () => {
  it('bring any task back', () => {
    fc.assert(
      fc.property(task(), (original) => {
        expect(taskFromProto(wire(v03ProtoCodec.encode.Task(original)))).toEqual(asProtoHolds(original));
      }),
      { numRuns: 150 },
    );
  });

  it('bring any message back, also as the message of a request', () => {
    fc.assert(
      fc.property(message(), (original) => {
        const sent = wire(v03ProtoCodec.encode.Message(original));
        expect(messageFromProto(sent)).toEqual(asProtoHolds(original));
        expect(decode({ message: sent })).toEqual({ message: asProtoHolds(original) });
      }),
      { numRuns: 150 },
    );
  });

  it('bring any stream response back', () => {
    fc.assert(
      fc.property(streamResponse(), fc.boolean(), (original, final) => {
        const sent = wire(v03ProtoCodec.encode.StreamResponse(original, final));
        expect(streamResponseFromProto(sent)).toEqual(asProtoHolds(original));
      }),
      { numRuns: 150 },
    );
  });

  it('leave the canonical object untouched', () => {
    fc.assert(
      fc.property(streamResponse(), (original) => {
        const before = JSON.stringify(original);
        v03ProtoCodec.encode.StreamResponse(original, true);
        expect(JSON.stringify(original)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });
});
