import type { ErrorReason } from '../../../src/protocol/errors/index.js';
import type { StreamResponse } from '../../../src/protocol/model/index.js';

/** Operations by their v1.0 names, whatever a binding calls them. */
export type UnaryOperation =
  | 'SendMessage'
  | 'GetTask'
  | 'ListTasks'
  | 'CancelTask'
  | 'CreateTaskPushNotificationConfig'
  | 'GetTaskPushNotificationConfig'
  | 'ListTaskPushNotificationConfigs'
  | 'DeleteTaskPushNotificationConfig'
  | 'GetExtendedAgentCard';
export type StreamOperation = 'SendStreamingMessage' | 'SubscribeToTask';
export type Operation = UnaryOperation | StreamOperation;

/** An error as all bindings mean it. */
export interface Failure {
  readonly reason: ErrorReason;
  readonly message: string;
  /** The fields that it names, in the words of the binding. */
  readonly fields: readonly string[];
}

export interface Answer<T> {
  /** In canonical v1.0 form. */
  readonly result?: T;
  readonly error?: Failure;
  /** The body as it came; of a binding that speaks JSON. */
  readonly raw?: unknown;
  /** Of the response, in lower case; gRPC: its initial metadata. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface StreamEvent {
  readonly response: StreamResponse;
  /** What v0.3 says of a status update. */
  readonly final?: boolean;
  readonly raw?: unknown;
}

/** A stream that is open; it ends when the server ends it. */
export interface OpenStream extends AsyncIterable<StreamEvent> {
  readonly headers: Readonly<Record<string, string>>;
  /** Leaves. */
  close(): void;
}

/** What goes beside a request: HTTP headers, or gRPC metadata of the same names. */
export type CallHeaders = Readonly<Record<string, string>>;

/** A client of one agent over one binding. Takes canonical v1.0 requests, and wrong ones as they are. */
export interface Connection {
  call(operation: UnaryOperation, request: object, headers?: CallHeaders): Promise<Answer<unknown>>;
  /** The stream, or the error that came instead of one. */
  open(operation: StreamOperation, request: object, headers?: CallHeaders): Promise<OpenStream | Failure>;
  close(): void;
}

export interface Target {
  /** `http://127.0.0.1:12345`. */
  readonly origin: string;
  /** `127.0.0.1:12346`. */
  readonly grpc?: string;
}

export interface Binding {
  readonly name: string;
  readonly version: '1.0' | '0.3';
  /** Whether what it says is JSON text. */
  readonly json: boolean;
  /** Operations that it does not have. */
  readonly without: readonly Operation[];
  /** What its requests cannot say. */
  readonly lacks: readonly ('historyLength 0' | 'referenceTaskIds')[];
  connect(target: Target, headers?: CallHeaders): Connection;
}
