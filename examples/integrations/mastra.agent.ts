import { Agent } from '@mastra/core/agent';
import type { MastraModelConfig } from '@mastra/core/llm';
import type { MastraMemory } from '@mastra/core/memory';
import { Inject } from '@nestjs/common';
import { A2aAgent, type AgentEvents, type RequestContext } from 'nest-a2a';

export const MASTRA_MODEL = Symbol('MastraModelConfig');
export const MASTRA_MEMORY = Symbol('MastraMemory');

/** Runs an agent of Mastra. Its memory keeps the conversation: take `Memory` of @mastra/memory with a storage. */
@A2aAgent({
  id: 'mastra',
  description: 'Chats.',
  skills: [{ id: 'chat', name: 'Chat', description: 'Answers questions.', tags: ['chat'] }],
})
export class MastraAgent {
  readonly #agent: Agent;

  constructor(@Inject(MASTRA_MODEL) model: MastraModelConfig, @Inject(MASTRA_MEMORY) memory: MastraMemory) {
    this.#agent = new Agent({ id: 'assistant', name: 'Assistant', instructions: 'Answer briefly.', model, memory });
  }

  async *execute(context: RequestContext): AgentEvents {
    const answer = await this.#agent.stream(context.userText, {
      memory: { thread: context.contextKey, resource: context.caller.owner },
      abortSignal: context.signal,
    });
    for await (const chunk of answer.fullStream) {
      if (chunk.type === 'text-delta') yield chunk.payload.text;
      if (chunk.type === 'error') throw chunk.payload.error;
    }
  }
}
