import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../testing/arbitraries/text.arbitrary.js';
import { decodeMessage, encodeSaying, encodeWakes } from './bus-message.js';

const name = anyText({ maxLength: 8 });
const head = fc.record(
  {
    taskId: anyText({ maxLength: 60 }),
    seq: fc.maxSafeNat(),
    forOwner: fc.constant(true),
    news: fc.record({ after: fc.maxSafeNat(), owner: name, tenant: name, agent: name }),
  },
  { requiredKeys: ['taskId', 'seq'] },
);

describe('messages of the bus', () => {
  it('carry all wakes in order, in texts of no more bytes than allowed', () => {
    fc.assert(
      fc.property(fc.array(head, { maxLength: 100 }), fc.integer({ min: 800, max: 8_000 }), (heads, maxBytes) => {
        const texts = encodeWakes('me', heads, maxBytes);
        for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
        const messages = texts.map(decodeMessage);
        expect(messages.flatMap((message) => (message && 'wake' in message ? message.wake : []))).toEqual(heads);
        expect(messages.every((message) => message?.from === 'me')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('are as few as can be', () => {
    const heads = Array.from({ length: 150 }, (_, seq) => ({ taskId: '01919191-9191-7191-9191-919191919191', seq }));
    expect(encodeWakes('me', heads, 7_900)).toHaveLength(1);
    expect(encodeWakes('me', [], 7_900)).toEqual([]);
  });

  it('without news are those of older versions, and news of another form are left out', () => {
    expect(
      encodeWakes(
        'me',
        [
          { taskId: 'a', seq: 1, forOwner: true },
          { taskId: 'b', seq: 2 },
        ],
        900,
      ),
    ).toEqual(['{"from":"me","wake":[["a",1,1],["b",2]]}']);
    const wake = [
      ['a', 1, 0, 'x', 'o', 't', 'g'],
      ['b', 2, 1, 0, 'o', 't'],
    ];
    expect(decodeMessage(JSON.stringify({ from: 'me', wake }))).toEqual({
      from: 'me',
      wake: [
        { taskId: 'a', seq: 1 },
        { taskId: 'b', seq: 2, forOwner: true },
      ],
    });
  });

  it('carry what is said', () => {
    for (const say of ['hello', 'here', 'bye', 'all', 'line'] as const)
      expect(decodeMessage(encodeSaying('me', say))).toEqual({ from: 'me', say });
  });

  it.each(['', 'null', '1', '{', '[]', '{}', '{"from":""}', '{"from":1,"say":"here"}', '{"from":"x","say":"no"}'])(
    'are nothing when they are %j',
    (text) => expect(decodeMessage(text)).toBeUndefined(),
  );

  it('are nothing when they are too long, and never throw', () => {
    expect(decodeMessage(encodeSaying('x'.repeat(600), 'here'))).toBeUndefined();
    expect(decodeMessage(`{"from":"x","say":"here"}${' '.repeat(70_000)}`)).toBeUndefined();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => void decodeMessage(text)),
      { numRuns: 200 },
    );
  });
});
