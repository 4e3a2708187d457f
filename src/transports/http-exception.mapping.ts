import { HttpException } from '@nestjs/common';
import { A2AError, type ErrorReason, httpStatusOf, internal, printable } from '../protocol/errors/index.js';

const REASONS: Readonly<Record<number, ErrorReason>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

/** Maps what a guard, an interceptor or other code outside the operations threw to an HTTP status and a protocol error. */
export function fromHttpException(exception: unknown): { status: number; error: A2AError } {
  if (exception instanceof A2AError) return { status: httpStatusOf(exception), error: exception };
  if (!(exception instanceof HttpException)) return { status: 500, error: internal(exception) };
  const status = exception.getStatus();
  const reason = REASONS[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_REQUEST');
  if (reason === 'INTERNAL') return { status, error: internal(exception) };
  return { status, error: new A2AError(reason, printable(exception.message, 512), { cause: exception }) };
}
