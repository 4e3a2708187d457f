import type { StreamResponse } from '../protocol/model/index.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

/**
 * What an agent may yield or emit: an event in the wire's form; ids, and the timestamp of a status, may be left out and are
 * filled in. A string yielded by a generator is a chunk of text of the one default artifact.
 */
export type AgentEvent = StreamResponse;

/**
 * An agent: a provider with `@A2aAgent({...})`. `execute` reports through `updater`, or is an async generator of events.
 * Returning without a final or interrupted state completes the task; throwing fails it with a safe message.
 */
export interface AgentExecutor {
  execute(context: RequestContext, updater: TaskUpdater): Promise<void> | void | AsyncIterable<AgentEvent | string>;
  /** Called when the client cancels, after `context.signal` is aborted. Ends the task as canceled unless it ends otherwise itself. */
  cancel?(context: RequestContext, updater: TaskUpdater): Promise<void> | void;
}

/** Where a TaskUpdater puts its events: resolves when accepted, waits while the run's queue is full. */
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
