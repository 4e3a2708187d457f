import { MastraLanguageModelV2Mock } from '@mastra/core/test-utils/llm-mock';
import { MockMemory } from '@mastra/core/memory';
import { describeChat, streamOf } from './chat.suite.js';
import { MASTRA_MEMORY, MASTRA_MODEL, MastraAgent } from './mastra.agent.js';

async function* parts(answer: AsyncIterable<string>) {
  yield { type: 'text-start' as const, id: 't' };
  for await (const delta of answer) yield { type: 'text-delta' as const, id: 't', delta };
  yield { type: 'text-end' as const, id: 't' };
  const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  yield { type: 'finish' as const, finishReason: 'stop' as const, usage };
}

describeChat(MastraAgent, (heard) => [
  {
    provide: MASTRA_MODEL,
    useValue: new MastraLanguageModelV2Mock({
      doStream: async ({ prompt, abortSignal }) => ({
        stream: streamOf(parts(heard.answer(prompt, abortSignal))),
      }),
    }),
  },
  { provide: MASTRA_MEMORY, useValue: new MockMemory() },
]);
