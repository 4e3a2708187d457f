import { EventLoopTurns } from '../common/event-loop-turns.js';
import { invalidAgentResponse } from '../protocol/errors/index.js';
import type { A2aAgentOptions } from './agent-options.js';
import type { AgentEventDraft, AgentEvents } from './agent-event-draft.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

/**
 * Consumes the events of a generator one by one: it requests the next one when the last was accepted. The event loop gets a turn
 * every few milliseconds, even if an agent yields only empty strings. On abort it calls `return()` and requests nothing more; an
 * event that was in progress is still offered. Rejects with the signal's reason if it was aborted, and with what the generator or
 * the updater throws.
 */
export async function drainAgentEvents(
  events: AgentEvents,
  context: RequestContext,
  updater: TaskUpdater,
  replies: NonNullable<A2aAgentOptions['replies']>,
): Promise<void> {
  const { signal } = context;
  const iterator = events[Symbol.asyncIterator]();
  const emit = emitter(context, updater, replies);
  const turns = new EventLoopTurns();
  let returned: Promise<void> | undefined;
  const stop = (): void => {
    returned ??= (async () => void (await iterator.return?.()))().catch(() => undefined);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      await emit(next.value).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      const turn = turns.turn();
      if (turn) await turn;
      if (signal.aborted) throw signal.reason;
    }
  } catch (error) {
    stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await returned;
  }
}

type Emit = (event: AgentEventDraft | string) => Promise<void>;

/**
 * Strings become the chunks of one artifact per turn. Its id is derived from the turn, so a turn that is run again replaces it.
 */
function emitter(context: RequestContext, updater: TaskUpdater, replies: A2aAgentOptions['replies']): Emit {
  const artifactId = `response-${context.turn}`;
  let begun = false;
  const reply = async (text: string): Promise<void> => {
    if (updater.ended) {
      throw invalidAgentResponse(
        "The agent yielded a string after it had answered: with replies: 'message' the first one is the whole reply. Declare 'task' to stream.",
      );
    }
    await updater.reply(text);
  };
  return async (event) => {
    if (typeof event !== 'string') return updater.emit(event);
    if (event === '') return;
    if (replies === 'message') return reply(event);
    if (begun) return updater.appendArtifact(artifactId, event);
    begun = true;
    await updater.addArtifact(event, { artifactId, name: 'response' });
  };
}

/** True for a generator, the only value that `execute` may return besides nothing. */
export function isAgentEvents(value: unknown): value is AgentEvents {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
