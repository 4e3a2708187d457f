import { describe, expect, it } from '@jest/globals';
import { agentRun } from '../../src/testing/agent-run.js';
import { GreeterAgent } from './greeter.agent.js';

describe('GreeterAgent', () => {
  it('greets whom the message names, in two chunks', async () => {
    const { context } = agentRun({ message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'Ada' }] } });
    const chunks: unknown[] = [];
    for await (const chunk of new GreeterAgent().execute(context)) chunks.push(chunk);
    expect(chunks).toEqual(['Hello, ', 'Ada!']);
  });
});
