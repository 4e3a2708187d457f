import type { AgentCard, StreamResponse } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { AgentEvents } from './agent-event-draft.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

/** A complete event of an agent in its wire form: ids and timestamps are filled in. */
export type AgentEvent = StreamResponse;

type MaybeCard = AgentCard | undefined;

/**
 * An agent: a provider with `@A2aAgent({...})`. `execute` reports through `updater`, or is an async generator of events.
 * Returning without a final or interrupted state completes the task; throwing fails it with a safe message, but for a
 * TransientAgentError, after which the turn is started again.
 *
 * A generator may yield events that lack what the server knows, and strings: the text chunks of one artifact named
 * `response`. The first chunk of a turn makes the artifact, the others are appended; no empty last chunk is sent. Empty
 * strings are left out. For an agent with `replies: 'message'` a yielded string is the whole reply. The generator is
 * `return()`ed when `context.signal` is aborted.
 */
export interface AgentExecutor {
  execute(context: RequestContext, updater: TaskUpdater): Promise<void> | void | AgentEvents;
  /** Called when the client cancels, after `context.signal` is aborted. Ends the task as canceled unless it ends otherwise itself. */
  cancel?(context: RequestContext, updater: TaskUpdater): Promise<void> | void;
  /**
   * The extended card of an authenticated caller. `card` is a copy, with the additions of the option `extendedCard`, and may be
   * changed. Check what the caller may see before you add it. undefined: there is no card for this caller, who gets
   * EXTENDED_AGENT_CARD_NOT_CONFIGURED. Spec 3.1.11, 13.3.
   */
  extendedAgentCard?(card: AgentCard, caller: CallContext): MaybeCard | Promise<MaybeCard>;
}

/** Receives the events of a TaskUpdater, one at a time. */
export interface AgentEventSink {
  /**
   * Returns nothing when the event is accepted at once. Otherwise resolves when it is accepted: it waits while the run's queue is full.
   * Throws, or rejects, when it is refused.
   */
  emit(event: AgentEvent): Promise<void> | void;
  /** An event was refused because it came after the end. */
  refusedLate?(): void;
}

/** Why `context.signal` was aborted: `signal.reason` is an instance. */
export class RunAborted extends Error {
  override readonly name = 'RunAborted';
  constructor(
    readonly why: 'canceled' | 'deadline' | 'idle-deadline' | 'drain' | 'lost-ownership' | 'too-large' | 'failed',
  ) {
    super(`The run was aborted: ${why}`);
  }
}
