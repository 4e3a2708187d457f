import { describe, expect, it } from '@jest/globals';
import { A2AError } from '../protocol/errors/index.js';
import type { Part } from '../protocol/model/index.js';
import { assertAcceptedParts } from './agent-requirements.js';

function refusal(parts: Part[], inputModes: string[]): A2AError {
  try {
    assertAcceptedParts(parts, inputModes);
  } catch (error) {
    if (error instanceof A2AError) return error;
    throw error;
  }
  throw new Error('The parts were accepted.');
}

describe('assertAcceptedParts', () => {
  it.each<[string, string[]]>([
    ['text/plain', ['text/plain']],
    ['TEXT/Plain', ['text/plain']],
    ['text/plain', ['Text/PLAIN']],
    ['text/plain; charset=utf-8', ['text/plain']],
    ['text/plain ;charset=utf-8', ['text/plain']],
    ['application/json', ['application/json; profile=x']],
    ['text/markdown', ['image/png', 'text/*']],
    ['video/mp4', ['*/*']],
  ])('accepts %s where the agent takes %j', (mediaType, inputModes) => {
    expect(() => assertAcceptedParts([{ raw: 'aGk=', mediaType }], inputModes)).not.toThrow();
  });

  it.each<[string, string[]]>([
    ['image/png', ['text/plain']],
    ['text/markdown', ['text/plain']],
    ['textual/plain', ['text/*']],
    ['text/plain', ['text/plainer']],
    ['application/jsonx', ['application/json']],
    ['nonsense', ['text/plain']],
    [' ', ['text/plain']],
    ['text/plain', []],
  ])('refuses %s where the agent takes %j', (mediaType, inputModes) => {
    expect(refusal([{ raw: 'aGk=', mediaType }], inputModes).reason).toBe('CONTENT_TYPE_NOT_SUPPORTED');
  });

  it('accepts parts that declare no media type, text ones even where text is not taken', () => {
    const parts: Part[] = [{ text: 'hi' }, { data: null }, { url: 'https://a.test/x' }, { raw: 'aGk=', mediaType: '' }];
    expect(() => assertAcceptedParts(parts, ['image/png'])).not.toThrow();
  });

  it('names the part, its type and what is accepted', () => {
    const { message } = refusal([{ text: 'hi' }, { raw: 'aGk=', mediaType: 'image/png' }], ['text/plain', 'audio/*']);
    expect(message).toContain('message.parts[1] is image/png');
    expect(message).toContain('text/plain, audio/*');
  });

  it('keeps its error short and printable, whatever was declared', () => {
    const modes = Array.from({ length: 1000 }, (_, index) => `application/x-${index}`);
    const { message } = refusal([{ raw: '', mediaType: `a/\n${'b'.repeat(10_000)}` }], modes);
    expect(message.length).toBeLessThan(1000);
    expect(message).not.toContain('\n');
  });
});
