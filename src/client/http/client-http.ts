import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { guardedLookup } from '../../security/outbound/guarded-lookup.js';
import { OutboundGuard, type OutboundOptions } from '../../security/outbound/index.js';
import { systemResolver } from '../../security/outbound/resolvers.js';
import { A2AClientConnectionError, A2AClientTimeoutError } from '../errors/client.errors.js';
import { clientErrorOf } from './client-error-of.js';
import { HttpAnswer } from './http-answer.js';

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Time from the connection to the headers of the answer, in ms. */
  readonly timeoutMs: number;
  /** Also stops reading the answer. */
  readonly signal?: AbortSignal;
}

/** PEM. */
export interface ClientTlsOptions {
  /** Certificate authorities to trust instead of the system's. */
  readonly ca?: string | Buffer;
  /** Certificate of this client with its chain, and its key, for agents that require one (mTLS). */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

export interface ClientHttpOptions extends OutboundOptions {
  readonly connectTimeoutMs: number;
  readonly tls?: ClientTlsOptions;
}

/** Below the 5 s after which Node servers close an idle connection: a request sent on it could be lost. */
const IDLE_SOCKET_MS = 4_000;
/** TCP keep-alive detects a host that vanished silently. */
const KEEP_ALIVE_MS = 30_000;

const AGENT_OPTIONS = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, timeout: IDLE_SOCKET_MS };

/**
 * HTTP with answers that are read as they come. Each connection goes to an address that was checked for it (SSRF), and redirects are not
 * followed.
 */
export class ClientHttp {
  readonly #guard: OutboundGuard;
  readonly #lookup: LookupFunction;
  readonly #http = new HttpAgent(AGENT_OPTIONS);
  readonly #https: HttpsAgent;

  /** @throws RangeError naming an entry of `allow` that is not a host name, address or CIDR; TypeError for unusable `tls`. */
  constructor(private readonly options: ClientHttpOptions) {
    this.#guard = new OutboundGuard(options);
    this.#https = new HttpsAgent({ ...AGENT_OPTIONS, ...usableTls(options.tls) });
    this.#lookup = guardedLookup(this.#guard, options.resolve ?? systemResolver);
  }

  /**
   * Resolves with the headers of the answer, whatever its status.
   * @throws A2AClientForbiddenAddressError, A2AClientConnectionError, A2AClientTimeoutError; the signal's reason when it is aborted.
   */
  async open(call: HttpCall): Promise<HttpAnswer> {
    call.signal?.throwIfAborted();
    let host = 'The agent';
    let sent = false;
    try {
      const url = this.#guard.checkUrl(call.url);
      host = url.host;
      return await this.#exchange(this.#request(url, call), call, host, () => (sent = true));
    } catch (error) {
      throw call.signal?.aborted ? call.signal.reason : clientErrorOf(error, host, sent);
    }
  }

  /** Aborts pending requests. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #request(url: URL, { method, headers, body }: HttpCall): ClientRequest {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, ...length }, lookup: this.#lookup };
    return url.protocol === 'https:'
      ? httpsRequest(url, { ...options, agent: this.#https })
      : httpRequest(url, { ...options, agent: this.#http });
  }

  #exchange(request: ClientRequest, call: HttpCall, host: string, onSent: () => void): Promise<HttpAnswer> {
    const { signal, timeoutMs, body } = call;
    const { connectTimeoutMs } = this.options;
    return new Promise((resolve, reject) => {
      let answered = false;
      const fail = (error: unknown): void => {
        settle();
        reject(error as Error);
        request.destroy();
      };
      const abort = (): void => fail(signal?.reason);
      const noConnection = (): Error =>
        new A2AClientConnectionError(`No connection to ${host} in ${connectTimeoutMs} ms.`, false, 'ETIMEDOUT');
      let timer = setTimeout(() => fail(noConnection()), connectTimeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      signal?.addEventListener('abort', abort, { once: true });
      whenConnected(request, () => {
        onSent();
        clearTimeout(timer);
        timer = setTimeout(
          () => fail(new A2AClientTimeoutError(`${host} did not answer in ${timeoutMs} ms.`)),
          timeoutMs,
        );
      });
      request.once('response', (response: IncomingMessage) => {
        answered = true;
        settle();
        resolve(new HttpAnswer(request, response, host, signal));
      });
      // Also after the answer has begun: an error without a listener would end the process.
      request.on('error', fail);
      request.once('close', () => {
        if (!answered) fail(new A2AClientConnectionError(`${host} closed the connection without an answer.`, true));
      });
      request.end(body);
    });
  }
}

function usableTls({ ca, cert, key }: ClientTlsOptions = {}): ClientTlsOptions {
  const tls = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  try {
    createSecureContext(tls);
    return tls;
  } catch (error) {
    // OpenSSL's reasons reveal nothing of a key.
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(`tls cannot be used: ${why}. Its ca, cert and key must be PEM, the key without a passphrase.`, {
      cause: error,
    });
  }
}

/** Nothing of a request is sent before its connection is established, including TLS. */
function whenConnected(request: ClientRequest, connected: () => void): void {
  request.once('socket', (socket: Socket) => {
    if (request.reusedSocket) connected();
    else socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
  });
}
