import type { Model, ModelRequest, StreamEvent } from '@openai/agents';
import { ANSWER, describeChat, type Heard } from './chat.suite.js';
import { OPENAI_MODEL, OpenAiAgentsAgent } from './openai-agents.agent.js';

/** The SDK has no fake model: this implements its interface. */
class FakeModel implements Model {
  constructor(private readonly heard: Heard) {}

  async getResponse(): Promise<never> {
    throw new Error('Only streams are expected.');
  }

  async *getStreamedResponse({ input, signal }: ModelRequest): AsyncGenerator<StreamEvent> {
    for await (const delta of this.heard.answer(input, signal)) yield { type: 'output_text_delta', delta };
    const usage = { requests: 1, inputTokens: 1, outputTokens: 1, totalTokens: 2 };
    const content = [{ type: 'output_text' as const, text: ANSWER.join('') }];
    const output = [{ type: 'message' as const, role: 'assistant' as const, status: 'completed' as const, content }];
    yield { type: 'response_done', response: { id: 'r', usage, output } };
  }
}

describeChat(OpenAiAgentsAgent, (heard) => [{ provide: OPENAI_MODEL, useValue: new FakeModel(heard) }]);
