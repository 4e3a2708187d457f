import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { PrincipalCarrier } from '../../security/principal.js';

/** What express and fastify requests have in common, as far as it is used here. */
export interface PlatformRequest extends PrincipalCarrier {
  readonly headers: IncomingHttpHeaders;
  readonly params?: Readonly<Record<string, string | undefined>>;
  /** The client's address, as the application trusts its proxies. */
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

/** Node's own request below the adapter's. */
export const rawRequest = (request: PlatformRequest): IncomingMessage =>
  request.raw ?? (request as unknown as IncomingMessage);

/**
 * Node's own response below the adapter's; the adapter will not write to it any more. Headers that guards, middleware and
 * CORS have set so far are on it.
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

/** Leaves a request to whatever else the application has for it, and to its own 404 if that is nothing. */
export function callNext(response: PlatformResponse, next: (() => void) | undefined): void {
  if ('callNotFound' in response) response.callNotFound();
  else next?.();
}
