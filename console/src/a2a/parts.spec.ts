import { describe, expect, it } from '@jest/globals';
import { messageOf } from './compose.js';
import { isFollowUp, joined, summaryOf } from './parts.js';

describe('the content of events', () => {
  it('joins texts that were streamed in pieces, and nothing else', () => {
    expect(
      joined([{ text: 'a' }, { text: 'b' }, { data: 1 }, { text: 'c' }, { text: 'd', mediaType: 'text/markdown' }]),
    ).toEqual([{ text: 'ab' }, { data: 1 }, { text: 'c' }, { text: 'd', mediaType: 'text/markdown' }]);
  });

  it('has a line for each kind of event', () => {
    const ids = { taskId: 't', contextId: 'c' };
    const artifact = {
      artifactId: 'a',
      name: 'report',
      parts: [{ text: 'one\n two' }, { raw: 'AA==', filename: 'x.png' }],
    };
    expect(summaryOf({ artifactUpdate: { ...ids, artifact, append: true } })).toBe('+ report: one two [x.png]');
    const said = { messageId: 'm', role: 'ROLE_USER' as const, parts: [{ data: { city: 'Lima' } }] };
    const event = { statusUpdate: { ...ids, status: { state: 'TASK_STATE_WORKING' as const, message: said } } };
    expect(summaryOf(event)).toBe('{"city":"Lima"}');
    expect(isFollowUp(event)).toBe(true);
  });

  it('makes a message of a draft, and refuses what is not JSON', () => {
    const file = { name: 'a.txt', mediaType: 'text/plain', size: 1, base64: 'YQ==' };
    expect(messageOf({ text: 'hi', data: '{"a":1}', files: [file] }, 'm', { taskId: 't' })).toEqual({
      messageId: 'm',
      role: 'ROLE_USER',
      taskId: 't',
      parts: [{ text: 'hi' }, { data: { a: 1 } }, { raw: 'YQ==', filename: 'a.txt', mediaType: 'text/plain' }],
    });
    expect(() => messageOf({ text: '', data: '{', files: [] }, 'm')).toThrow(SyntaxError);
  });
});
