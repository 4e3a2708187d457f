import { randomUUID } from 'node:crypto';
import { parseTraceparent } from '../tracing/traceparent.js';

/** Names a request, in its answer, in headers of other servers and in logs. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** One request of a client. */
export interface RequestRef {
  /** From `X-Request-Id`, else made here. */
  readonly id: string;
  /** From `traceparent`: 32 hexadecimal digits. Absent: the client sent none. */
  readonly traceId?: string;
}

/** Nothing that a log or a header could misread. */
const VALID_ID = /^[\w.:/+=@~-]{1,128}$/;

/** `given`: an id that the application gave the request already. An id that is not valid is replaced. */
export function requestRef(headers: Readonly<Record<string, unknown>>, given: unknown): RequestRef {
  const id = [given, headers[REQUEST_ID_HEADER]].find(isValid) ?? randomUUID();
  const traceId = parseTraceparent(headers['traceparent'])?.traceId;
  return traceId === undefined ? { id } : { id, traceId };
}

const isValid = (id: unknown): id is string => typeof id === 'string' && VALID_ID.test(id);
