import { Inject } from '@nestjs/common';
import { type LanguageModel, type ModelMessage, streamText } from 'ai';
import { A2aAgent, type AgentEvents, type RequestContext } from 'nest-a2a';
import { Conversations } from './conversations.js';

export const LANGUAGE_MODEL = Symbol('LanguageModel');

/** Answers with any model of the Vercel AI SDK. */
@A2aAgent({
  id: 'ai-sdk',
  description: 'Chats.',
  skills: [{ id: 'chat', name: 'Chat', description: 'Answers questions.', tags: ['chat'] }],
})
export class AiSdkAgent {
  readonly #conversations = new Conversations<ModelMessage[]>(() => []);

  constructor(@Inject(LANGUAGE_MODEL) private readonly model: LanguageModel) {}

  async *execute(context: RequestContext): AgentEvents {
    const conversation = this.#conversations.of(context);
    const question: ModelMessage = { role: 'user', content: context.userText };
    const answer = streamText({
      model: this.model,
      messages: [...conversation, question],
      abortSignal: context.signal,
      // The error comes as a part of the stream; by default it is written to the console too.
      onError: () => {},
    });
    for await (const part of answer.fullStream) {
      if (part.type === 'text-delta') yield part.text;
      if (part.type === 'error') throw part.error;
    }
    const { messages } = await answer.response;
    conversation.push(question, ...messages);
  }
}
