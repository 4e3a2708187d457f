import { Inject, Logger } from '@nestjs/common';
import { unescape } from 'node:querystring';
import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import type { RequestContext } from '../../src/agents/request-context.js';
import type { TaskUpdater } from '../../src/agents/task-updater.js';
import { answerOf, RelayError } from './chat-api.js';
import { type ChatMessage, chatMessages, textOf } from './chat-messages.js';
import { RELAY_OPTIONS, type RelayOptions } from './relay.options.js';

const ENDINGS = new Map<unknown, string>([
  ['length', 'The answer is cut off at the length that the model may have.'],
  ['content_filter', "The model's API has withheld a part of the answer."],
]);

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

  constructor(@Inject(RELAY_OPTIONS) private readonly options: RelayOptions) {}

  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    const { systemPrompt = '', maxPromptCharacters = 400_000 } = this.options;
    const { parts } = context.message;
    if (parts.some((part) => 'raw' in part || 'url' in part))
      return updater.reject('The relay takes text and data, no files.');
    if (textOf(parts).trim() === '') return updater.requiresInput('What do you want to ask?');
    const messages = chatMessages(context, maxPromptCharacters - systemPrompt.length);
    if (messages.length === 0)
      return updater.reject(`The message is too long: send at most ${maxPromptCharacters} characters.`);
    if (systemPrompt) messages.unshift({ role: 'system', content: systemPrompt });
    try {
      await updater.startWork();
      await this.#relay(messages, context.signal, updater);
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      this.#log.warn(`Task ${context.taskId}: ${error.message} ${this.#withoutSecrets(error.detail)}`);
      await updater.failed({ parts: [{ text: error.message }], metadata: { reason: error.reason } });
    }
  }

  async #relay(messages: ChatMessage[], signal: AbortSignal, updater: TaskUpdater): Promise<void> {
    const answer = answerOf(messages, this.options, signal);
    let append = false;
    try {
      let next = await answer.next();
      for (; !next.done; next = await answer.next()) {
        // Waits while the run's queue is full: the relay then stops reading.
        await updater.addArtifact(next.value, { artifactId: 'answer', append, ...(!append && { name: 'answer' }) });
        append = true;
      }
      if (!append) throw new RelayError('UPSTREAM_INCOMPLETE', 'The model answered without any text.');
      await updater.complete(ENDINGS.get(next.value));
    } finally {
      await answer.return(undefined);
    }
  }

  #withoutSecrets(text: string): string {
    const { apiKey, baseUrl } = this.options;
    const { username, password } = new URL(baseUrl);
    const secrets = [apiKey, username, password].flatMap((secret) => (secret ? [secret, unescape(secret)] : []));
    return secrets
      .reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
      .slice(0, 300)
      .replace(/\p{Cc}/gu, ' ');
  }
}
