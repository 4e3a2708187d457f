import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { HumanMessage } from '@langchain/core/messages';
import { type BaseCheckpointSaver, END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { Inject } from '@nestjs/common';
import { A2aAgent, type AgentEvents, type RequestContext } from 'nest-a2a';

export const CHAT_MODEL = Symbol('BaseChatModel');
export const CHECKPOINTER = Symbol('BaseCheckpointSaver');

/** A graph with one node. Its checkpointer keeps the conversation; one on a database keeps it over restarts. */
const chatGraph = (model: BaseChatModel, checkpointer: BaseCheckpointSaver) =>
  new StateGraph(MessagesAnnotation)
    .addNode('chat', async ({ messages }, config) => ({ messages: [await model.invoke(messages, config)] }))
    .addEdge(START, 'chat')
    .addEdge('chat', END)
    .compile({ checkpointer });

@A2aAgent({
  id: 'langgraph',
  description: 'Chats.',
  skills: [{ id: 'chat', name: 'Chat', description: 'Answers questions.', tags: ['chat'] }],
})
export class LangGraphAgent {
  readonly #graph: ReturnType<typeof chatGraph>;

  constructor(@Inject(CHAT_MODEL) model: BaseChatModel, @Inject(CHECKPOINTER) checkpointer: BaseCheckpointSaver) {
    this.#graph = chatGraph(model, checkpointer);
  }

  async *execute(context: RequestContext): AgentEvents {
    const stream = await this.#graph.stream(
      { messages: [new HumanMessage(context.userText)] },
      { configurable: { thread_id: context.contextKey }, streamMode: 'messages', signal: context.signal },
    );
    for await (const [chunk] of stream) yield chunk.text;
  }
}
