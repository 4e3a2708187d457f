import type { ErrorReason, FieldViolation } from '../../protocol/errors/index.js';

/**
 * A failure on the client's side. None of them is an `A2AError`, which is an error of your own server: what another agent answered is not a
 * mistake of your callers. Messages name at most a host; they contain neither headers nor bodies.
 */
export class A2AClientError extends Error {
  override readonly name: string = 'A2AClientError';
}

/** An event or a call does not fit what was received before, such as a Message after events of a task. */
export class A2AClientInvalidStateError extends A2AClientError {
  override readonly name = 'A2AClientInvalidStateError';
}

/** An argument is invalid here, such as an event of another task. */
export class A2AClientInvalidArgsError extends A2AClientError {
  override readonly name = 'A2AClientInvalidArgsError';
}

/** The peer sent invalid JSON, or JSON that does not follow the protocol. */
export class A2AClientJSONError extends A2AClientError {
  override readonly name = 'A2AClientJSONError';
}

/** An event, an answer or a task exceeds the client's limit. */
export class A2AClientLimitError extends A2AClientError {
  override readonly name = 'A2AClientLimitError';
}

/** An HTTP status without a protocol error in its body. */
export class A2AClientHTTPError extends A2AClientError {
  override readonly name = 'A2AClientHTTPError';
  constructor(
    readonly status: number,
    message: string,
    /** Seconds, if the response said so. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** No connection, or it broke. `sent`: the request may have reached the agent. */
export class A2AClientConnectionError extends A2AClientError {
  override readonly name = 'A2AClientConnectionError';
  constructor(
    message: string,
    readonly sent: boolean,
    /** The system's code, such as `ECONNREFUSED`. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** No answer in time. The request may have reached the agent. */
export class A2AClientTimeoutError extends A2AClientError {
  override readonly name = 'A2AClientTimeoutError';
}

/** The client must not call this address: it is not public and not on the list of `allow`. */
export class A2AClientForbiddenAddressError extends A2AClientError {
  override readonly name = 'A2AClientForbiddenAddressError';
}

/** The interface of the agent has no such operation, such as ListTasks over JSON-RPC in v0.3. */
export class A2AClientUnsupportedError extends A2AClientError {
  override readonly name = 'A2AClientUnsupportedError';
}

/** There is no usable card. `status` is the HTTP status, if there was a response. */
export class AgentCardResolutionError extends A2AClientError {
  override readonly name = 'AgentCardResolutionError';
  constructor(
    message: string,
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What the agent said about its error. */
export interface RemoteErrorFields {
  /** JSON-RPC's code, or the HTTP status of HTTP+JSON. */
  readonly code: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly violations?: readonly FieldViolation[];
  readonly retryAfter?: number;
}

/** An error that the agent answered. Its message is the agent's own: bounded, but not to be trusted. */
export class A2ARemoteError extends A2AClientError {
  override readonly name = 'A2ARemoteError';
  readonly code: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
  /** Seconds after which a retry may succeed. */
  readonly retryAfter?: number;

  constructor(
    /** The reason by meaning; undefined for a code that the protocol does not define. */
    readonly reason: ErrorReason | undefined,
    message: string,
    { code, metadata = {}, violations = [], retryAfter }: RemoteErrorFields,
  ) {
    super(message);
    this.code = code;
    this.metadata = metadata;
    this.violations = violations;
    this.retryAfter = retryAfter;
  }
}
