import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { defaultResolver, guardedLookup } from './guarded-lookup.js';
import { OutboundError } from './outbound.error.js';
import { OutboundGuard } from './outbound.guard.js';
import {
  OUTBOUND_MAX_RESPONSE_BYTES,
  OUTBOUND_TIMEOUT_MS,
  type OutboundOptions,
  type OutboundRequest,
  type OutboundResponse,
} from './outbound.options.js';

/**
 * The client for all URLs that others name (webhooks, agent cards). Each connection goes to an address that was checked for it
 * (SSRF), redirects are not followed, and the time and size of a response are limited. Connections are not reused: each request
 * is checked again.
 */
export class OutboundHttp {
  readonly guard: OutboundGuard;
  readonly #lookup: LookupFunction;
  /** Separate agents, so that no proxy of the process's global agents gets between a check and its connection. */
  readonly #http = new HttpAgent({ keepAlive: false });
  readonly #https = new HttpsAgent({ keepAlive: false });

  /** @throws RangeError naming an entry of the allow-list that is no host name, address or CIDR. */
  constructor(options: OutboundOptions = {}) {
    this.guard = new OutboundGuard(options);
    this.#lookup = guardedLookup(this.guard, options.resolve ?? defaultResolver(this.guard));
  }

  /** @throws OutboundError if there is no response; a response of any status is not an error. */
  async request(request: OutboundRequest): Promise<OutboundResponse> {
    const url = this.guard.checkUrl(request.url);
    const { timeoutMs = OUTBOUND_TIMEOUT_MS, signal } = request;
    const ending = new AbortController();
    const end = (error: OutboundError): void => ending.abort(error);
    const timer = setTimeout(() => end(new OutboundError('timeout', `No answer within ${timeoutMs} ms.`)), timeoutMs);
    const onAbort = (): void => end(new OutboundError('aborted', 'The call was aborted.'));
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    try {
      return await this.#exchange(url, request, ending.signal);
    } catch (error) {
      throw ending.signal.aborted ? ending.signal.reason : asOutboundError(error, url);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async #exchange(url: URL, request: OutboundRequest, signal: AbortSignal): Promise<OutboundResponse> {
    signal.throwIfAborted();
    const { maxResponseBytes = OUTBOUND_MAX_RESPONSE_BYTES, truncate = false } = request;
    const call = this.#call(url, request);
    const destroy = (): void => void call.destroy();
    signal.addEventListener('abort', destroy, { once: true });
    try {
      const response = await answerOf(call, request.body);
      const body = await readBody(response, maxResponseBytes, truncate);
      return { status: response.statusCode ?? 0, headers: response.headers, body };
    } finally {
      signal.removeEventListener('abort', destroy);
      call.destroy();
    }
  }

  #call(url: URL, { method = 'GET', headers }: OutboundRequest): ClientRequest {
    const options = { method, headers: { ...headers }, lookup: this.#lookup };
    try {
      return url.protocol === 'https:'
        ? httpsRequest(url, { ...options, agent: this.#https })
        : httpRequest(url, { ...options, agent: this.#http });
    } catch {
      // Its message may quote the header.
      throw new OutboundError('request', 'The request has a method or a header that cannot be sent.');
    }
  }
}

function answerOf(call: ClientRequest, body?: string | Uint8Array): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    call.once('response', resolve);
    // Needed after the response has started too: an error without a listener would end the process.
    call.on('error', reject);
    call.once('close', () => reject(new OutboundError('connect', 'The connection was closed without an answer.')));
    call.end(body);
  });
}

function asOutboundError(error: unknown, url: URL): OutboundError {
  if (error instanceof OutboundError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const detail = typeof code === 'string' ? code : undefined;
  if (detail?.startsWith('HPE_')) {
    return new OutboundError('response', `${url.host} did not answer in HTTP, or with too many headers.`, detail);
  }
  return new OutboundError('connect', `The connection to ${url.host} failed${detail ? ` (${detail})` : ''}.`, detail);
}

/**
 * The bytes of a response, up to `maxBytes`. With `truncate` it never fails: a response that is longer, or ends early, is
 * returned as far as it was received.
 */
async function readBody(response: IncomingMessage, maxBytes: number, truncate: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = maxBytes;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(left < chunk.length ? chunk.subarray(0, left) : chunk);
      left -= chunk.length;
      if (left < 0) throw new OutboundError('response', `The answer is longer than ${maxBytes} bytes.`);
    }
  } catch (error) {
    if (!truncate) throw error;
  }
  return Buffer.concat(chunks);
}
