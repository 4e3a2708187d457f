import { Inject, Logger } from '@nestjs/common';
import { A2aAgent, type AgentEvents, type Part, type RequestContext, type TaskUpdater } from '../../src/index.js';
import { answerOf, ChatApiError } from './chat-api.js';
import { RELAY_OPTIONS, type RelayOptions } from './relay.options.js';

/** Passes a conversation on to a model and streams its answer: every OpenAI-compatible API will do. */
@A2aAgent({
  id: 'relay',
  name: 'Relay',
  description: 'Answers with a language model behind an OpenAI-compatible API.',
  skills: [{ id: 'chat', name: 'Chat', description: 'Streams the answer of the model.', tags: ['chat', 'llm'] }],
  // If the model is silent for so long, the signal ends the request and the task fails.
  idleMs: 240_000,
})
export class RelayAgent {
  readonly #log = new Logger(RelayAgent.name);

  constructor(@Inject(RELAY_OPTIONS) private readonly options: RelayOptions) {}

  async *execute(context: RequestContext, updater: TaskUpdater): AgentEvents {
    const { apiKey, maxPromptCharacters = 400_000 } = this.options;
    const { parts } = context.message;
    if (parts.some((part) => 'raw' in part || 'url' in part))
      return updater.reject('The relay takes text and data, no files.');
    if (textOf(parts).trim() === '') return updater.requiresInput('What do you want to ask?');
    const messages = newestOf(context, maxPromptCharacters);
    if (messages.length === 0) return updater.reject(`Send at most ${maxPromptCharacters} characters.`);
    await updater.startWork();
    try {
      // Each text becomes a chunk of the artifact. The next one is read when the queue of the run has taken it.
      const ending = yield* answerOf(messages, this.options, context.signal);
      if (ending !== 'stop') await updater.complete(`The model stopped before the end of its answer: ${ending}.`);
    } catch (error) {
      if (!(error instanceof ChatApiError)) throw error;
      // Without line feeds, and without the credentials of an address.
      const cause = String(error.cause).replace(/\p{Cc}|(?<=\/\/)\S*@/gu, ' ');
      const said = apiKey ? cause.replaceAll(apiKey, '***') : cause;
      this.#log.warn(`Task ${context.taskId}: ${error.message} ${said.slice(0, 300)}`);
      await updater.failed({ parts: [{ text: error.message }], metadata: { reason: error.name } });
    }
  }
}

/** Referenced tasks, with their artifacts as answers, and the history: as many of the newest messages as fit. */
function newestOf({ referencedTasks, history }: RequestContext, maxCharacters: number) {
  const earlier = referencedTasks.flatMap((task) => [...(task.history ?? []), ...(task.artifacts ?? [])]);
  const messages = [...earlier, ...history].map((one) => ({
    role: 'role' in one && one.role === 'ROLE_USER' ? 'user' : 'assistant',
    content: textOf(one.parts, 'role' in one ? '\n' : ''),
  }));
  let left = maxCharacters;
  const tooOld = messages.findLastIndex(({ content }) => (left -= content.length) < 0);
  return messages.slice(tooOld + 1).filter(({ content }) => content !== '');
}

/** Text as it is, data as JSON. */
const textOf = (parts: readonly Part[], separator = '\n'): string =>
  parts.map((part) => ('text' in part ? part.text : 'data' in part ? JSON.stringify(part.data) : '')).join(separator);
