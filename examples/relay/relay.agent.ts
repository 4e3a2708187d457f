import { Inject, Logger } from '@nestjs/common';
import { unescape } from 'node:querystring';
import { A2aAgent, type RequestContext, type TaskUpdater } from '../../src/index.js';
import { answerOf, RelayError } from './chat-api.js';
import { chatMessages, textOf } from './chat-messages.js';
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
  skills: [{ id: 'chat', name: 'Chat', description: 'Streams the answer of the model.', tags: ['chat', 'llm'] }],
})
export class RelayAgent {
  readonly #log = new Logger(RelayAgent.name);

  constructor(@Inject(RELAY_OPTIONS) private readonly options: RelayOptions) {}

  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    const { maxPromptCharacters = 400_000 } = this.options;
    const { parts } = context.message;
    if (parts.some((part) => 'raw' in part || 'url' in part))
      return updater.reject('The relay takes text and data, no files.');
    if (textOf(parts).trim() === '') return updater.requiresInput('What do you want to ask?');
    const messages = chatMessages(context, maxPromptCharacters, this.options.systemPrompt);
    if (messages.length === 0)
      return updater.reject(`The message is too long: send at most ${maxPromptCharacters} characters.`);
    try {
      await updater.startWork();
      let [append, ending]: [boolean, string | undefined] = [false, undefined];
      for await (const { text, stopped } of answerOf(messages, this.options, context.signal)) {
        ending = ENDINGS.get(stopped) ?? ending;
        if (text === '') continue;
        // Waits while the run's queue is full: the relay then stops reading.
        await updater.addArtifact(text, { artifactId: 'answer', append, ...(!append && { name: 'answer' }) });
        append = true;
      }
      if (!append) throw RelayError.of('UPSTREAM_INCOMPLETE', 'answered without any text.');
      await updater.complete(ending);
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      this.#log.warn(`Task ${context.taskId}: ${error.message} ${this.#withoutSecrets(String(error.cause))}`);
      await updater.failed({ parts: [{ text: error.message }], metadata: { reason: error.name } });
    }
  }

  #withoutSecrets(said: string): string {
    const { username, password } = new URL(this.options.baseUrl);
    const secrets = [this.options.apiKey, username, password, unescape(username), unescape(password)];
    const shown = secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '***') : text), said);
    return shown.slice(0, 300).replace(/\p{Cc}/gu, ' ');
  }
}
