import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { httpStatusOf, invalidRequest, toHttpErrorBody, toJsonRpcError } from '../../protocol/errors/index.js';
import type { ClientCall } from '../http/client-call.js';
import { type AnswerBody, PRIVATE, sendJson } from '../http/http-reply.js';
import { sendPacedJson } from '../http/http-reply.js';
import type { Refusal } from '../http/http-request.reader.js';
import type { ProtocolVersion } from '../protocol-version.js';
import { SseFramer } from '../sse/sse.framer.js';
import { answerType } from './answer-type.js';

/** Names of google.rpc.Code for statuses that no protocol error has. */
const NAMES: Readonly<Record<number, string>> = { 404: 'NOT_FOUND', 405: 'UNIMPLEMENTED' };

/**
 * The body of an error: AIP-193 for v1.0 (spec 11.6). v0.3 left it open, so it is the JSON-RPC error object, as in the official SDK.
 * `status` is given when it is not the error's own.
 */
export function errorText(error: unknown, version: ProtocolVersion, status = httpStatusOf(error)): string {
  if (version === '0.3') return JSON.stringify(toJsonRpcError(error, '0.3'));
  const body = toHttpErrorBody(error);
  if (body.error.code === status) return JSON.stringify(body);
  return JSON.stringify({ error: { ...body.error, code: status, status: NAMES[status] ?? body.error.status } });
}

export interface AnswerForm {
  readonly version: ProtocolVersion;
  /** The request's `Accept` header. */
  readonly accept: string | undefined;
}

/** Sends an answer that only this caller may see. */
export function sendAnswer(
  response: ServerResponse,
  { version, accept }: AnswerForm,
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): void {
  sendJson(response, status, body, { 'content-type': answerType(version, accept), ...PRIVATE, ...headers });
}

/** `sendAnswer` for the result of a call, which may be of any size. @throws A2AError OVERLOADED: nothing was sent. */
export function sendResult(
  call: ClientCall,
  { version, accept }: AnswerForm,
  body: AnswerBody,
  headers: OutgoingHttpHeaders = {},
): void {
  sendPacedJson(call, 200, body, { 'content-type': answerType(version, accept), ...PRIVATE, ...headers });
}

export const wrongMethod: Refusal = {
  status: 405,
  error: invalidRequest('The method is not allowed here: see the header Allow.'),
};

const failures = new SseFramer('', '', 'error');

/** The last event of a failed stream. Its name tells clients that it is not a protocol event. */
export const failureEvent = (error: unknown, version: ProtocolVersion): Buffer[] =>
  failures.frame({ body: Buffer.from(errorText(error, version)) });
