import { describe, expect, it } from '@jest/globals';
import type { PushConfig } from '../tasks/push-config-store.interface.js';
import { EXCERPT_LENGTH, excerptOf } from './answer-excerpt.js';

const body = '{"statusUpdate":{"taskId":"0197","status":{"state":"TASK_STATE_COMPLETED"}}}';
const config: PushConfig = {
  id: 'c',
  url: 'https://user:pass-word@example.com/hook?key=query-key',
  token: 'the-token',
  authentication: { scheme: 'Bearer', credentials: 'the.credentials' },
  wireVersion: '1.0',
};
const of = (answer: string | Buffer): string | undefined => excerptOf(Buffer.from(answer), { body, config });

describe('the excerpt of an answer of a webhook', () => {
  it('is its beginning, in one line of printable characters', () => {
    expect(of('Internal\n  Server\tError\u0000\u001b[31m\u202e')).toBe('Internal Server Error[31m');
    expect(of('x'.repeat(100_000))).toHaveLength(EXCERPT_LENGTH);
    expect(of(Buffer.from([0xff, 0xfe, 0x41]))).toMatch(/A$/);
  });

  it('is absent when there is nothing to show', () => {
    expect(of('')).toBeUndefined();
    expect(of(' \n')).toBeUndefined();
  });

  it('is absent when the answer repeats the notification', () => {
    expect(of(`You sent ${body}`)).toBeUndefined();
    expect(of(JSON.stringify({ data: body }))).toBeUndefined();
    expect(of(`<pre>${body.replaceAll('"', '&quot;')}</pre>`)).toBeUndefined();
  });

  it('shows no secret of the webhook that the answer repeats', () => {
    const answer = of('Bearer the.credentials, the-token, user:pass-word, /hook?key=query-key, the%2Dtoken is wrong');
    expect(answer).not.toMatch(/the\.credentials|the-token|pass-word|query-key/);
    expect(answer).toMatch(/is wrong$/);
  });
});
