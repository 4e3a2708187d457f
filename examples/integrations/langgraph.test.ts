import type { BaseMessage } from '@langchain/core/messages';
import type { ChatGenerationChunk } from '@langchain/core/outputs';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { MemorySaver } from '@langchain/langgraph';
import { ANSWER, describeChat, type Heard } from './chat.suite.js';
import { CHAT_MODEL, CHECKPOINTER, LangGraphAgent } from './langgraph.agent.js';

/** LangChain's fake model: it streams its answer letter by letter. */
class FakeModel extends FakeListChatModel {
  constructor(private readonly heard: Heard) {
    super({ responses: [ANSWER.join('')] });
  }

  override async *_streamResponseChunks(
    ...[messages, options, run]: Parameters<FakeListChatModel['_streamResponseChunks']>
  ): AsyncGenerator<ChatGenerationChunk> {
    const prompt = messages.map(({ content }: BaseMessage) => content);
    const letters = super._streamResponseChunks(messages, options, run);
    let next = await letters.next();
    for await (const _chunk of this.heard.answer(prompt, options.signal)) {
      if (next.done) break;
      yield next.value;
      // Reports the letter, too.
      next = await letters.next();
    }
    for (; !next.done; next = await letters.next()) yield next.value;
  }
}

describeChat(LangGraphAgent, (heard) => [
  { provide: CHAT_MODEL, useValue: new FakeModel(heard) },
  { provide: CHECKPOINTER, useValue: new MemorySaver() },
]);
