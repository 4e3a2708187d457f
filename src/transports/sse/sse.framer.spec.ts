import { describe, expect, it } from '@jest/globals';
import { SseFramer } from './sse.framer.js';

const body = (text: string): Buffer => Buffer.from(text);

describe('SseFramer', () => {
  it('puts prefix, body and suffix into one data line, after the id', () => {
    const framer = new SseFramer('{"id":"ü","result":', '}');
    const buffers = framer.frame({ seq: 7, body: body('{"a":"é"}') });
    expect(String(Buffer.concat(buffers))).toBe('id: 7\ndata: {"id":"ü","result":{"a":"é"}}\n\n');
  });

  it('leaves the id line out where there is no seq', () => {
    expect(String(Buffer.concat(new SseFramer().frame({ body: body('1') })))).toBe('data: 1\n\n');
  });

  it('names its events before their data', () => {
    expect(String(Buffer.concat(new SseFramer('', '', 'error').frame({ body: body('1') })))).toBe(
      'event: error\ndata: 1\n\n',
    );
  });

  it.each([1, 1_000, 65_535])('makes one buffer of an event of %d bytes', (bytes) => {
    const buffers = new SseFramer('<', '>').frame({ seq: 1, body: Buffer.alloc(bytes, 'x') });
    expect(buffers.map(String)).toEqual([`id: 1\ndata: <${'x'.repeat(bytes)}>\n\n`]);
  });

  it.each([1, 1_000, 65_535])('makes a chunk of HTTP of an event of %d bytes', (bytes) => {
    const framer = new SseFramer('{"id":"ü","result":', '}');
    const event = { seq: 1, body: Buffer.alloc(bytes, 'x') };
    const frame = Buffer.concat(framer.frame(event));
    expect(String(framer.chunk(event))).toBe(`${frame.length.toString(16)}\r\n${String(frame)}\r\n`);
    expect(framer.chunk({ body: Buffer.alloc(65_536) })).toBeUndefined();
  });

  it('hands a large body on without copying it, in its place', () => {
    const large = Buffer.alloc(100_000, 'x');
    const buffers = new SseFramer('<', '>').frame({ seq: 2, body: large });
    expect(buffers.some((buffer) => buffer === large)).toBe(true);
    expect(String(Buffer.concat(buffers))).toBe(`id: 2\ndata: <${String(large)}>\n\n`);
  });
});
