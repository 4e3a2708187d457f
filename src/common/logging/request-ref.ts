import { randomUUID } from 'node:crypto';

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
/** W3C Trace Context, 3.2. Later versions may have more fields. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-|$)/;

/** `given`: an id that the application gave the request already. An id that is not valid is replaced. */
export function requestRef(headers: Readonly<Record<string, unknown>>, given: unknown): RequestRef {
  const id = [given, headers[REQUEST_ID_HEADER]].find(isValid) ?? randomUUID();
  const traceId = traceIdOf(headers['traceparent']);
  return traceId === undefined ? { id } : { id, traceId };
}

const isValid = (id: unknown): id is string => typeof id === 'string' && VALID_ID.test(id);

const traceIdOf = (traceparent: unknown): string | undefined =>
  typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
