import { Inject } from '@nestjs/common';
import { Agent, MemorySession, type Model, Runner } from '@openai/agents';
import { A2aAgent, type AgentEvents, type RequestContext } from 'nest-a2a';
import { Conversations } from './conversations.js';

export const OPENAI_MODEL = Symbol('Model of the OpenAI Agents SDK');

/** Runs an agent of the OpenAI Agents SDK. `model` may also be a name, such as 'gpt-5'. */
@A2aAgent({
  id: 'openai-agents',
  description: 'Chats.',
  skills: [{ id: 'chat', name: 'Chat', description: 'Answers questions.', tags: ['chat'] }],
})
export class OpenAiAgentsAgent {
  readonly #sessions = new Conversations(() => new MemorySession());
  // Traces would be sent to OpenAI.
  readonly #runner = new Runner({ tracingDisabled: true });
  readonly #agent: Agent;

  constructor(@Inject(OPENAI_MODEL) model: string | Model) {
    this.#agent = new Agent({ name: 'Assistant', instructions: 'Answer briefly.', model });
  }

  async *execute(context: RequestContext): AgentEvents {
    const result = await this.#runner.run(this.#agent, context.userText, {
      stream: true,
      session: this.#sessions.of(context),
      signal: context.signal,
    });
    for await (const event of result) {
      if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta') yield event.data.delta;
    }
    // Rejects with the error of the run.
    await result.completed;
  }
}
