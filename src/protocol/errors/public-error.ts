import { A2AError, type ErrorReason, type FieldViolation } from './a2a.error.js';
import { WIRE_CODES } from './wire-codes.table.js';

/** What a client may know of an error. */
export interface PublicError {
  readonly reason: ErrorReason;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
  /** Seconds, at least 0. */
  readonly retryAfter?: number;
}

const INTERNAL: PublicError = { reason: 'INTERNAL', message: 'Internal error', metadata: {}, violations: [] };

/** Anything that is not an A2AError of a known reason is INTERNAL with a fixed text: nothing of it is shown. */
export function publicError(error: unknown): PublicError {
  if (!(error instanceof A2AError) || !Object.hasOwn(WIRE_CODES, error.reason)) return INTERNAL;
  const { reason, message, violations, retryAfter } = error;
  return {
    reason,
    message,
    // ErrorInfo.metadata is map<string, string>; agents written in JavaScript may put other things there.
    metadata: Object.fromEntries(Object.entries(error.metadata).filter(([, value]) => typeof value === 'string')),
    violations: violations.map(({ field, description }) => ({ field, description })),
    ...(retryAfter !== undefined && Number.isFinite(retryAfter) && { retryAfter: Math.max(0, retryAfter) }),
  };
}
