import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { pretendPage } from '../../test/page-globals.js';
import type { Message } from './parts.js';

pretendPage('http://127.0.0.1:1');
const { snippet } = await import('./snippets.js');

const HOSTILE = `it's "quoted" \\ $(touch /tmp/x) \`id\` \u2028 äöü`;
const message: Message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: HOSTILE }] };

/** The text of the message in the body that curl would send. */
function textSentBy(command: string): string {
  const body = execFileSync(
    'sh',
    ['-c', command.replace(/^curl /, 'sh -c \'for a; do last="$a"; done; printf %s "$last"\' sh ')],
    {
      encoding: 'utf8',
    },
  );
  return (JSON.parse(body) as { params: { message: { parts: [{ text: string }] } } }).params.message.parts[0].text;
}

describe('the same call to copy', () => {
  it('as curl gives the shell nothing to interpret', () => {
    expect(textSentBy(snippet('curl', 'http://127.0.0.1:3000/', message, []))).toBe(HOSTILE);
  });

  it('as TypeScript and Python holds the message as a literal', () => {
    const typescript = snippet('TypeScript', 'http://127.0.0.1:3000/', message, ['text/plain']);
    expect(typescript).toContain(JSON.stringify(HOSTILE));
    expect(typescript).toContain('"acceptedOutputModes"');
    const python = snippet('Python', 'http://127.0.0.1:3000/', message, []);
    const literal = /^body = ([^\n]*)$/m.exec(python)?.[1] ?? '';
    expect((JSON.parse(JSON.parse(literal) as string) as { params: unknown }).params).toEqual({ message });
  });

  it('does not spell out a file', () => {
    const file: Message = { ...message, parts: [{ raw: 'A'.repeat(4_000), filename: 'a.bin' }] };
    expect(snippet('curl', 'http://127.0.0.1:3000/', file, [])).toContain('PUT_THE_FILE_HERE_IN_BASE64');
  });
});
