import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { PrincipalCarrier } from '../../security/principal.js';

/** The common part of Express and Fastify requests that is used here. */
export interface PlatformRequest extends PrincipalCarrier {
  readonly headers: IncomingHttpHeaders;
  readonly params?: Readonly<Record<string, string | undefined>>;
  /** The client's IP address, according to the application's proxy settings. */
  readonly ip?: string;
  /** Fastify only. */
  readonly raw?: IncomingMessage & PrincipalCarrier;
}

interface FastifyReplyLike {
  readonly raw: ServerResponse;
  hijack(): unknown;
  getHeaders(): OutgoingHttpHeaders;
  callNotFound(): void;
}

export type PlatformResponse = ServerResponse | FastifyReplyLike;

/** Node's request below the adapter's. */
export const rawRequest = (request: PlatformRequest): IncomingMessage =>
  request.raw ?? (request as unknown as IncomingMessage);

/** Node's response below the adapter's, which still answers. */
export const nodeResponse = (response: PlatformResponse): ServerResponse =>
  'raw' in response ? response.raw : response;

/**
 * Node's response below the adapter's, which will not write to it any more. Headers that guards, middleware and CORS have set are
 * on it.
 */
export function rawResponse(response: PlatformResponse): ServerResponse {
  if (!('raw' in response)) return response;
  const { raw } = response;
  const headers = response.getHeaders();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) raw.setHeader(name, value);
  }
  response.hijack();
  return raw;
}

/** `callNext`, and waits until the response is over. */
export async function passOn(response: PlatformResponse, next: (() => void) | undefined): Promise<void> {
  const raw = nodeResponse(response);
  const over = new Promise<void>((resolve) => raw.once('close', resolve));
  callNext(response, next);
  if (!raw.closed) await over;
}

/** Passes a request on to the application's other handlers, and to its 404 if there is none. */
export function callNext(response: PlatformResponse, next: (() => void) | undefined): void {
  if ('callNotFound' in response) response.callNotFound();
  else next?.();
}
