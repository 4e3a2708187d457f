import { isObject } from '../../common/is-object.js';
import { type ErrorReason, type FieldViolation, printable } from '../../protocol/errors/index.js';
import { WIRE_CODES } from '../../protocol/errors/wire-codes.table.js';
import { A2ARemoteError } from '../errors/client.errors.js';

const MAX_MESSAGE = 1024;
const MAX_ENTRIES = 100;

const BY_CODE: ReadonlyMap<unknown, ErrorReason> = new Map(
  Object.entries(WIRE_CODES).map(([reason, { jsonRpc }]) => [jsonRpc, reason as ErrorReason]),
);

/** Statuses whose meaning does not depend on the operation. */
const BY_STATUS: ReadonlyMap<number, ErrorReason> = new Map([
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [429, 'RESOURCE_EXHAUSTED'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
]);

/** The `error` of a JSON-RPC response. Its details are those of v1.0 (a list) or of this server in v0.3 (an object). */
export function fromJsonRpcError(error: unknown): A2ARemoteError {
  const { code, message, data } = isObject(error) ? error : {};
  const details = Array.isArray(data) ? data : isObject(data) ? [data] : [];
  const reason = reasonOf(details) ?? BY_CODE.get(code);
  return remoteError(reason, message, typeof code === 'number' ? code : 0, details);
}

/** The body of an HTTP error: v1.0 has it below `error`, v0.3 has JSON-RPC's code. */
export function fromHttpError(status: number, body: unknown): A2ARemoteError | undefined {
  if (!isObject(body)) return undefined;
  if (isObject(body.error)) {
    const { message, details } = body.error;
    const list = Array.isArray(details) ? details : [];
    return remoteError(reasonOf(list) ?? BY_STATUS.get(status), message, status, list);
  }
  return typeof body.code === 'number' && typeof body.message === 'string' ? fromJsonRpcError(body) : undefined;
}

function remoteError(
  reason: ErrorReason | undefined,
  message: unknown,
  code: number,
  details: unknown[],
): A2ARemoteError {
  const text = typeof message === 'string' && message !== '' ? message : `The agent answered with the error ${code}.`;
  return new A2ARemoteError(reason, printable(text, MAX_MESSAGE), {
    code,
    metadata: metadataOf(details),
    violations: violationsOf(details),
    retryAfter: retryAfterOf(details),
  });
}

function reasonOf(details: unknown[]): ErrorReason | undefined {
  const reasons = details.map((detail) => (isObject(detail) ? detail.reason : undefined));
  return reasons.find(
    (reason): reason is ErrorReason => typeof reason === 'string' && Object.hasOwn(WIRE_CODES, reason),
  );
}

function metadataOf(details: unknown[]): Record<string, string> {
  const found = details.map((detail) => (isObject(detail) ? detail.metadata : undefined)).find(isObject) ?? {};
  const entries = Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(
    entries.slice(0, MAX_ENTRIES).map(([name, value]) => [name, printable(value, MAX_MESSAGE)]),
  );
}

function violationsOf(details: unknown[]): FieldViolation[] {
  const lists = details.map((detail) => (isObject(detail) ? (detail.fieldViolations ?? detail.violations) : undefined));
  const list = lists.find((each): each is unknown[] => Array.isArray(each)) ?? [];
  return list.slice(0, MAX_ENTRIES).flatMap((violation) => {
    const { field, description } = isObject(violation) ? violation : {};
    if (typeof field !== 'string' || typeof description !== 'string') return [];
    return [{ field: printable(field, MAX_MESSAGE), description: printable(description, MAX_MESSAGE) }];
  });
}

/** RetryInfo of v1.0 (`"1.5s"`), or the seconds of this server's v0.3 form. */
function retryAfterOf(details: unknown[]): number | undefined {
  for (const detail of details) {
    if (!isObject(detail)) continue;
    const { retryDelay, retryAfter } = detail;
    const seconds =
      typeof retryDelay === 'string' && /^\d{1,9}(\.\d{1,9})?s$/.test(retryDelay) ? parseFloat(retryDelay) : retryAfter;
    if (typeof seconds === 'number' && seconds >= 0) return seconds;
  }
  return undefined;
}
