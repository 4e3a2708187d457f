import { RESUME_EXTENSION_URI } from '../../agents/cards/resume.extension.js';
import type { AgentCard } from '../../protocol/model/index.js';
import { cardOptions } from '../card/agent-card.options.js';
import { type CardSource, fetchedCard, givenCard } from '../card/card-source.js';
import { chooseInterface } from '../card/choose-interface.js';
import { A2AClientConnectionError, A2AClientError, A2AClientHTTPError } from '../errors/client.errors.js';
import { ClientHttp, type HttpCall } from '../http/client-http.js';
import type { HttpAnswer } from '../http/http-answer.js';
import { linkedSignal, waitFor } from '../http/signals.js';
import type { CheckedOptions } from '../options/client.options.check.js';
import type { OperationName, Requests, Responses, StreamingOperation } from '../../protocol/operations.js';
import type { TransportRequest } from '../transport/transport.interface.js';
import { openEitherWay } from './open-either-way.js';
import { Credentials, isUnauthenticated } from './credentials.js';
import { readEvents, type ReceivedEvent } from './event-reader.js';
import { type Peer, peerOf } from './peer.js';
import { withTenant } from './with-tenant.js';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Time limit for the headers of the answer, and again for its body, in ms. */
  readonly timeoutMs: number;
}

export interface StreamCallOptions extends CallOptions {
  readonly lastEventId?: string;
  /** A shorter limit than usual for the wait for bytes, in ms. */
  readonly idleMs?: () => number | undefined;
  /** Called with the reconnection time that the stream asks for. */
  readonly onRetry?: (ms: number) => void;
  /** Called when there is nothing after `lastEventId` and never will be: the stream has no events. */
  readonly onNothingLeft?: () => void;
}

/**
 * Single requests to one agent: card, interface, credentials, HTTP. Repeats only a request that was refused for missing or expired
 * credentials.
 */
export class AgentConnection {
  readonly #http: ClientHttp;
  readonly #credentials: Credentials;
  readonly #closing = new AbortController();
  readonly #source: CardSource;
  #peer?: Peer;
  /** The agent has sent a comment on a silent stream. */
  #keepsAlive = false;

  /** `agent`: its URL, the URL of its card, or its card. Throws for an invalid value. */
  constructor(
    agent: string | AgentCard,
    private readonly options: CheckedOptions,
  ) {
    const { allow, requireHttps, resolve, tls, limits, headers } = options;
    this.#http = new ClientHttp({ allow, requireHttps, resolve, tls, connectTimeoutMs: limits.connectTimeoutMs });
    this.#credentials = new Credentials(headers);
    const card = cardOptions(options.card);
    this.#source =
      typeof agent === 'string'
        ? fetchedCard(agent, card, this.#http, this.#credentials, this.#closing.signal)
        : givenCard(agent);
  }

  /** @throws AgentCardResolutionError when there is no card, or this client supports none of its interfaces. */
  async peer(signal?: AbortSignal): Promise<Peer> {
    this.#closing.signal.throwIfAborted();
    const card = await waitFor(this.#source.card(), signal);
    if (this.#peer?.card === card) return this.#peer;
    const { preference, limits } = this.options;
    const chosen = chooseInterface(card, preference, this.#source.url);
    return (this.#peer = peerOf(card, chosen, limits.maxAnswerValues));
  }

  async call<O extends OperationName>(operation: O, request: Requests[O], options: CallOptions): Promise<Responses[O]> {
    const { signal, unlink } = linkedSignal(options.signal, this.#closing.signal);
    try {
      const peer = await this.peer(signal);
      return await this.#authorized(signal, async (refused) => {
        const wire = peer.wire.request(operation, withTenant(request, peer, this.options.tenant));
        const answer = await this.#open(peer, wire, { ...options, signal }, refused);
        return this.#read(answer, options.timeoutMs, (text) => peer.wire.answer(operation, wire, answer.status, text));
      });
    } finally {
      unlink();
    }
  }

  /** The events of one connection, to its end. Ids are passed on as received. */
  async *stream(
    operation: StreamingOperation,
    request: Requests[StreamingOperation],
    options: StreamCallOptions,
  ): AsyncGenerator<ReceivedEvent, void, void> {
    const { signal, unlink } = linkedSignal(options.signal, this.#closing.signal);
    try {
      const peer = await this.peer(signal);
      const { wire } = peer;
      const opened = await this.#authorized(signal, async (refused) => {
        const asked = wire.request(operation, withTenant(request, peer, this.options.tenant));
        const open = (way: TransportRequest) =>
          this.#open(peer, way, { ...options, signal }, refused, 'text/event-stream');
        const { made, answer } = await openEitherWay(wire, asked, open);
        if (answer.status < 300 && answer.mediaType === 'text/event-stream') return { made, answer };
        if (answer.status === 204 && options.lastEventId !== undefined) {
          await answer.text(0, options.timeoutMs);
          return undefined;
        }
        const event = await this.#read(answer, options.timeoutMs, (text) =>
          wire.answer(operation, made, answer.status, text),
        );
        return { event };
      });
      if (opened === undefined) {
        options.onNothingLeft?.();
        return;
      }
      if (opened.event) {
        yield { event: opened.event };
        return;
      }
      yield* readEvents(opened.answer, {
        maxCharacters: this.options.limits.maxAnswerBytes,
        idleMs: () => Math.min(this.#idleMs(peer), options.idleMs?.() ?? Infinity),
        onComment: () => (this.#keepsAlive = true),
        onRetry: options.onRetry,
        read: (type, data) => wire.event(operation, opened.made, type, data),
      });
    } finally {
      unlink();
    }
  }

  /** Ends all pending calls; further calls throw. */
  close(): void {
    this.#closing.abort(new A2AClientError('The client is closed.'));
    this.#http.close();
  }

  #idleMs({ numbered }: Peer): number {
    const { idleTimeoutMs } = this.options.limits;
    return numbered || this.#keepsAlive ? idleTimeoutMs : 5 * idleTimeoutMs;
  }

  /** Runs once more what was refused for its credentials, when others may be available. */
  async #authorized<T>(signal: AbortSignal, run: (refused?: { challenge?: string }) => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (signal.aborted || !this.#credentials.canRefresh || !isUnauthenticated(error)) throw error;
      return run({ challenge: this.#credentials.challenge });
    }
  }

  async #open(
    peer: Peer,
    wire: TransportRequest,
    { timeoutMs, signal, lastEventId }: StreamCallOptions,
    refused: { challenge?: string } | undefined,
    accept = 'application/json',
  ): Promise<HttpAnswer> {
    const { method, url, body, contentType } = wire;
    const own = await this.#credentials.for({ url, method, signal, ...(refused && { refused }) });
    const headers = {
      ...own,
      ...this.#protocolHeaders(peer),
      accept: accept === 'application/json' ? 'application/json, application/a2a+json' : `${accept}, application/json`,
      'accept-encoding': 'identity',
      ...(contentType && { 'content-type': contentType }),
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const call: HttpCall = { method, url, headers, timeoutMs, signal, ...(body !== undefined && { body }) };
    try {
      const answer = await this.#http.open(call);
      if (answer.status === 401) this.#credentials.challenge = answer.header('www-authenticate');
      return answer;
    } catch (error) {
      if (error instanceof A2AClientConnectionError && !error.sent) this.#source.expire();
      throw error;
    }
  }

  #protocolHeaders({ wire: { version }, numbered }: Peer): Record<string, string> {
    const uris = new Set([...(this.options.extensions ?? []), ...(numbered ? [RESUME_EXTENSION_URI] : [])]);
    const name = version === '1.0' ? 'a2a-extensions' : 'x-a2a-extensions';
    return { 'a2a-version': version, ...(uris.size > 0 && { [name]: [...uris].join(', ') }) };
  }

  async #read<T>(answer: HttpAnswer, timeoutMs: number, read: (text: string) => T): Promise<T> {
    const { status } = answer;
    try {
      if (status >= 300 && status < 400) {
        throw new A2AClientHTTPError(
          status,
          `The agent redirects (HTTP ${status}), which is not followed: its card should name the address.`,
        );
      }
      return read(await answer.text(this.options.limits.maxAnswerBytes, timeoutMs));
    } catch (error) {
      if (error instanceof A2AClientHTTPError) {
        const seconds = answer.header('retry-after');
        throw new A2AClientHTTPError(
          status,
          error.message,
          seconds && /^\d{1,9}$/.test(seconds) ? Number(seconds) : undefined,
        );
      }
      throw error;
    } finally {
      answer.close();
    }
  }
}
