import type { StreamResponse } from '../protocol/model/index.js';
import type { AgentEvents } from './agent-event-draft.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

/** An event of an agent in the wire's form, complete: ids and timestamps are filled in. */
export type AgentEvent = StreamResponse;

/**
 * An agent: a provider with `@A2aAgent({...})`. `execute` reports through `updater`, or is an async generator of events.
 * Returning without a final or interrupted state completes the task; throwing fails it with a safe message.
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
}

/** Where a TaskUpdater puts its events, one at a time: resolves when accepted, waits while the run's queue is full. */
export interface AgentEventSink {
  emit(event: AgentEvent): Promise<void>;
}

/** Why `context.signal` was aborted: `signal.reason` is an instance. */
export class RunAborted extends Error {
  override readonly name = 'RunAborted';
  constructor(readonly why: 'canceled' | 'deadline' | 'drain' | 'lost-ownership' | 'too-large') {
    super(`The run was aborted: ${why}`);
  }
}
