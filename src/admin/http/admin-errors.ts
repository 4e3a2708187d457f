import { HttpException, HttpStatus } from '@nestjs/common';
import { AuthenticationError } from '../../security/authentication/authentication.error.js';
import { A2AError } from '../../protocol/errors/index.js';
import { publicError } from '../../protocol/errors/public-error.js';
import { fromHttpException } from '../../transports/http-exception.mapping.js';
import type { AdminErrorBody } from '../admin-api.types.js';

export interface AdminAnswer {
  readonly status: number;
  readonly body: AdminErrorBody;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is answered to an error. `code` is the reason of an A2AError, else the name of the HTTP status. */
export function adminAnswer(exception: unknown): AdminAnswer {
  const { status, error } = fromHttpException(exception);
  const { reason, message, retryAfter } = publicError(error);
  const named = reason === 'INVALID_REQUEST' && exception instanceof HttpException ? HttpStatus[status] : undefined;
  return {
    status,
    body: { error: { code: named ?? reason, message } },
    headers: {
      ...(exception instanceof AuthenticationError && exception.challenge),
      ...(retryAfter !== undefined && { 'retry-after': String(Math.ceil(retryAfter)) }),
    },
  };
}

/** An error that nobody expected, whose text is not shown to callers. */
export const isUnexpected = (exception: unknown): boolean =>
  !(exception instanceof A2AError) && !(exception instanceof HttpException);
