import { MockLanguageModelV3 } from 'ai/test';
import { type Heard, streamOf } from './chat.suite.js';

type Result = Awaited<ReturnType<MockLanguageModelV3['doStream']>>;
export type Part = Result['stream'] extends ReadableStream<infer P> ? P : never;

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

export const finished = (unified: 'stop' | 'tool-calls'): Part => ({
  type: 'finish',
  finishReason: { unified, raw: unified },
  usage,
});

/** The mock model of the AI SDK, with the answers of the tests. */
export const fakeModel = (heard: Heard): MockLanguageModelV3 =>
  new MockLanguageModelV3({
    doStream: async ({ prompt, abortSignal }) => ({ stream: streamOf(parts(heard.answer(prompt, abortSignal))) }),
  });

async function* parts(answer: AsyncIterable<string>): AsyncGenerator<Part> {
  yield { type: 'text-start', id: 't' };
  for await (const delta of answer) yield { type: 'text-delta', id: 't', delta };
  yield { type: 'text-end', id: 't' };
  yield finished('stop');
}
