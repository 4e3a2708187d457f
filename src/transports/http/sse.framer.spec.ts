import { describe, expect, it } from '@jest/globals';
import { SseFramer } from './sse.framer.js';

const body = (text: string): Buffer => Buffer.from(text);

describe('SseFramer', () => {
  it('puts prefix, body and suffix into one data line, after the id', () => {
    const framer = new SseFramer('{"id":"ü","result":', '}');
    const buffers = framer.frame([{ seq: 7, body: body('{"a":1}') }]);
    expect(String(Buffer.concat(buffers))).toBe('id: 7\ndata: {"id":"ü","result":{"a":1}}\n\n');
  });

  it('leaves the id line out where there is no seq', () => {
    expect(String(Buffer.concat(new SseFramer().frame([{ body: body('1') }])))).toBe('data: 1\n\n');
  });

  it('makes one buffer of a batch of small bodies', () => {
    const batch = Array.from({ length: 100 }, (_, index) => ({ seq: index + 1, body: body(`${index}`) }));
    const buffers = new SseFramer().frame(batch);
    expect(buffers).toHaveLength(1);
    expect(String(buffers[0])).toBe(batch.map(({ seq }) => `id: ${seq}\ndata: ${seq - 1}\n\n`).join(''));
  });

  it('hands large bodies on without copying them, in their place', () => {
    const large = Buffer.alloc(100_000, 'x');
    const buffers = new SseFramer('<', '>').frame([
      { seq: 1, body: body('a') },
      { seq: 2, body: large },
      { seq: 3, body: body('b') },
    ]);
    expect(buffers.some((buffer) => buffer === large)).toBe(true);
    expect(String(Buffer.concat(buffers))).toBe(
      `id: 1\ndata: <a>\n\nid: 2\ndata: <${String(large)}>\n\nid: 3\ndata: <b>\n\n`,
    );
  });

  it('makes nothing of an empty batch', () => {
    expect(new SseFramer().frame([])).toEqual([]);
  });
});
