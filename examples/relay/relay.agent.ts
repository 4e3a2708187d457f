import { Inject, Logger } from '@nestjs/common';
import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import type { RequestContext } from '../../src/agents/request-context.js';
import type { TaskUpdater } from '../../src/agents/task-updater.js';
import { answerOf, type FinishReason } from './answer.js';
import { type ChatMessage, chatMessages, hasContent, isForeign } from './chat-messages.js';
import { coalesce } from './coalesce.js';
import { linkedAbort } from './linked-abort.js';
import { logTextOf } from './log-text.js';
import { RelayError } from './relay.error.js';
import { RELAY_OPTIONS, type RelayOptions, type ResolvedRelayOptions, resolveRelayOptions } from './relay.options.js';

const ENDINGS: Record<string, string> = {
  length: 'The answer is cut off at the length that the model may have.',
  content_filter: "The model's API has withheld a part of the answer.",
};

/** Passes a conversation on to a model and streams its answer: every OpenAI-compatible API will do. */
@A2aAgent({
  id: 'relay',
  name: 'Relay',
  description: 'Answers with a language model behind an OpenAI-compatible API.',
  skills: [
    {
      id: 'chat',
      name: 'Chat',
      description: 'Streams the answer of the model to a message; referenced tasks are the conversation before it.',
      tags: ['chat', 'llm', 'streaming'],
    },
  ],
})
export class RelayAgent {
  readonly #log = new Logger(RelayAgent.name);
  readonly #options: ResolvedRelayOptions;

  constructor(@Inject(RELAY_OPTIONS) options: RelayOptions) {
    this.#options = resolveRelayOptions(options);
  }

  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    const { maxPromptCharacters, systemPrompt } = this.#options;
    if (context.message.parts.some(isForeign)) return updater.reject('The relay takes text and data, no files.');
    if (!hasContent(context.message)) return updater.requiresInput('What do you want to ask?');
    const messages = chatMessages(context, maxPromptCharacters, systemPrompt);
    if (!messages) return updater.reject(`The message is too long: send at most ${maxPromptCharacters} characters.`);
    try {
      await updater.startWork();
      await this.#relay(messages, context.signal, updater);
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      this.#log.warn(`Task ${context.taskId}: ${logTextOf(error, this.#options)}`);
      await updater.failed({ parts: [{ text: error.message }], metadata: { reason: error.reason } });
    }
  }

  async #relay(messages: readonly ChatMessage[], signal: AbortSignal, updater: TaskUpdater): Promise<void> {
    const { controller, unlink } = linkedAbort(signal);
    const artifactId = 'answer';
    let begun = false;
    try {
      const answer = coalesce(answerOf(messages, this.#options, controller.signal));
      let next = await answer.next();
      while (!next.done) {
        // Waits while the run's queue is full; what arrives meanwhile is the next chunk.
        await updater.addArtifact(next.value, { artifactId, append: begun, ...(!begun && { name: 'answer' }) });
        begun = true;
        next = await answer.next();
      }
      if (!begun) throw new RelayError('UPSTREAM_INCOMPLETE', 'The model answered without any text.');
      await updater.complete(endingOf(next.value));
    } finally {
      unlink();
      controller.abort();
    }
  }
}

const endingOf = (reason: FinishReason): string | undefined =>
  reason !== undefined && Object.hasOwn(ENDINGS, reason) ? ENDINGS[reason] : undefined;
