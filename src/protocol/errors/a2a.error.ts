/** A problem with one field of a request: `field` is a path in the client's own names (`message.parts[0].text`). */
export interface FieldViolation {
  field: string;
  description: string;
}

/** What went wrong, by meaning. Codes of the wires are in the mapping tables beside this file. */
export type ErrorReason =
  | 'TASK_NOT_FOUND'
  | 'TASK_NOT_CANCELABLE'
  | 'PUSH_NOTIFICATION_NOT_SUPPORTED'
  | 'UNSUPPORTED_OPERATION'
  | 'CONTENT_TYPE_NOT_SUPPORTED'
  | 'INVALID_AGENT_RESPONSE'
  | 'EXTENDED_AGENT_CARD_NOT_CONFIGURED'
  | 'EXTENSION_SUPPORT_REQUIRED'
  | 'VERSION_NOT_SUPPORTED'
  | 'PARSE_ERROR'
  | 'INVALID_REQUEST'
  | 'METHOD_NOT_FOUND'
  | 'INVALID_PARAMS'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'RESOURCE_EXHAUSTED'
  | 'OVERLOADED'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED';

/** What an `A2AError` says beside its text. */
export interface A2AErrorOptions {
  /** String values only: it travels as `google.rpc.ErrorInfo.metadata`. */
  metadata?: Record<string, string>;
  violations?: FieldViolation[];
  /** Seconds after which a retry makes sense. */
  retryAfter?: number;
  cause?: unknown;
}

/**
 * The one error class that crosses layers. `message` is shown to clients: it says what happened and what to do, and never
 * holds internals. Anything else that is thrown reaches a client as INTERNAL with a fixed text.
 */
export class A2AError extends Error {
  override readonly name = 'A2AError';
  readonly metadata: Record<string, string>;
  readonly violations: FieldViolation[];
  readonly retryAfter?: number;

  constructor(
    readonly reason: ErrorReason,
    message: string,
    options: A2AErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
    this.retryAfter = options.retryAfter;
  }
}

/** Whether the same call may succeed later, elsewhere or here: the storage is unreachable, or the process is shutting down. */
export const isUnavailable = (error: unknown): boolean => error instanceof A2AError && error.reason === 'UNAVAILABLE';
