import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { a2aMatchers, type AgentHarness, createAgentHarness } from '../../src/testing/index.js';
import { GreeterAgent } from './greeter.agent.js';

expect.extend(a2aMatchers);

describe('GreeterAgent', () => {
  let harness: AgentHarness;
  beforeEach(async () => void (harness = await createAgentHarness(GreeterAgent)));
  afterEach(() => harness.close());

  it('greets whom the message names, in two chunks', async () => {
    const answer = await harness.send('Ada');
    expect(answer).toHaveTaskState('COMPLETED');
    expect(answer.artifacts).toMatchObject([{ name: 'response', parts: [{ text: 'Hello, ' }, { text: 'Ada!' }] }]);
  });
});
