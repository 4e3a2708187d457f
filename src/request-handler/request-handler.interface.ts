import type { DirectSource } from '../events/direct-source.interface.js';
import type { CursorItem } from '../events/task-cursor.interface.js';
import type { Message, Task } from '../protocol/model/index.js';
import type { OperationName, Requests, Responses, StreamingOperation } from '../protocol/operations.js';
import type { CallContext } from '../security/call-context.js';
import type { PageForm } from '../tasks/list-page.js';
import type { TaskDocument } from '../tasks/task-document.js';

export const REQUEST_HANDLER = Symbol('RequestHandler');

/** An item of a stream; a Message reply is the only item of its stream. */
export type StreamItem = CursorItem | { readonly type: 'message'; readonly message: Message; readonly final: true };

/** Learns how far an operation came. */
export interface OperationObserver {
  /** The caller, with its tenant. */
  admitted(caller: CallContext): void;
  /** It is done, or durably accepted. `taskId`: the task that a message created or belongs to. Later calls count for nothing. */
  accepted(taskId?: string): void;
}

/** What an operation may need besides its request and its caller. */
export interface OperationOptions {
  /** The `Last-Event-ID` header as received. */
  readonly lastEventId?: string;
  /** The client left: this ends the wait or the stream, never the task. */
  readonly signal?: AbortSignal;
  /** `signal` is aborted. A caller whose signal is made on demand sets it. */
  readonly left?: boolean;
  /** SubscribeToTask answers for a task that has ended too, in v1.0 as in v0.3: with the Task, or with what follows `lastEventId`. */
  readonly alsoEnded?: boolean;
  /** The form of the pages in the answer, if not JSON. */
  readonly pageForm?: PageForm;
  readonly observer?: OperationObserver;
}

/** Batches of items; ends with the item that is `final`, or when the signal aborts. A throw mid-stream is an A2AError. */
export interface ItemStream extends AsyncGenerator<StreamItem[], void, void>, DirectSource<StreamItem[]> {
  /** The client already has everything, and nothing will follow: it need not reconnect. */
  readonly empty?: boolean;
}

/** A Task is returned as a document whose bytes its readers share. */
export type OperationResult<N extends OperationName> = N extends StreamingOperation
  ? ItemStream
  : Responses[N] extends Task
    ? TaskDocument
    : Responses[N];

/** Runs one operation of the protocol. */
export interface OperationHandler<N extends OperationName> {
  execute(request: Requests[N], caller: CallContext, options: OperationOptions): Promise<OperationResult<N>>;
}

/**
 * The operations of the protocol, for all bindings. They take validated canonical v1.0 requests and throw A2AError. A stream is returned
 * when its first batch is known, so that earlier errors are ordinary answers.
 */
export type RequestHandler = {
  readonly [N in OperationName as Uncapitalize<N>]: (
    request: Requests[N],
    context: CallContext,
    options?: OperationOptions,
  ) => Promise<OperationResult<N>>;
};
