import { describe, expect, it } from '@jest/globals';
import type { Message, Part, Role, Task } from '../../src/protocol/model/index.js';
import { chatMessages, hasContent } from './chat-messages.js';

const message = (role: Role, ...parts: Part[]): Message => ({ messageId: 'm', role, parts });
const user = (text: string): Message => message('ROLE_USER', { text });
const agent = (text: string): Message => message('ROLE_AGENT', { text });

describe('chatMessages', () => {
  it('turns the history into the messages of a chat', () => {
    expect(
      chatMessages({ referencedTasks: [], history: [user('a'), agent('b'), user('c')] }, 100, 'Be brief.'),
    ).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ]);
  });

  it('puts referenced tasks before it, their artifacts as answers', () => {
    const task: Task = {
      id: 't',
      contextId: 'c',
      status: { state: 'TASK_STATE_COMPLETED' },
      history: [user('capital of Peru?')],
      artifacts: [{ artifactId: 'answer', parts: [{ text: 'Li' }, { text: 'ma' }] }],
    };
    const bare: Task = { id: 'u', contextId: 'c', status: { state: 'TASK_STATE_COMPLETED' } };
    expect(chatMessages({ referencedTasks: [task, bare], history: [user('and of Chile?')] }, 100)).toEqual([
      { role: 'user', content: 'capital of Peru?' },
      { role: 'assistant', content: 'Lima' },
      { role: 'user', content: 'and of Chile?' },
    ]);
  });

  it('joins parts by lines, takes data as JSON and leaves files and empty messages out', () => {
    const parts: Part[] = [{ text: 'look:' }, { data: { a: 1 } }, { raw: 'QQ==' }, { url: 'https://example.com' }];
    expect(chatMessages({ referencedTasks: [], history: [agent(''), message('ROLE_USER', ...parts)] }, 100)).toEqual([
      { role: 'user', content: 'look:\n{"a":1}' },
    ]);
  });

  it('leaves out the oldest of too many', () => {
    const history = [user('12345'), agent('1234'), user('123')];
    const kept = (max: number) => chatMessages({ referencedTasks: [], history }, max)?.length;
    expect([kept(12), kept(11), kept(7), kept(6), kept(3), kept(2)]).toEqual([3, 2, 2, 1, 1, undefined]);
  });
});

describe('hasContent', () => {
  it('is false for white space, true for text and data', () => {
    expect(hasContent(user(' \n'))).toBe(false);
    expect(hasContent(user('x'))).toBe(true);
    expect(hasContent(message('ROLE_USER', { data: null }))).toBe(true);
  });
});
