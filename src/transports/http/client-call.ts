import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HeldBytes } from '../../common/byte-budget.js';
import type { ClientLimits } from '../../common/client-limits.js';
import { a2aPrincipalOf } from '../../security/principal.js';
import { CLIENT_LEFT } from '../operation.runner.js';
import { enterCall, takeCall } from '../call-rate.js';
import { held } from '../over-budget.js';
import { addressOf } from './caller-address.js';
import type { PlatformRequest } from './platform.js';
import { type Endable, StreamLifetime } from '../stream-lifetime.js';

/** One HTTP call as the limits see it, from its guards to the end of its response. */
export class ClientCall {
  #held?: HeldBytes[];
  #unwatch?: () => void;
  #left?: AbortController;

  readonly caller: string;
  /** Expiry of the caller's credentials, in ms since 1970. */
  readonly expiresAt: number | undefined;

  /** To be made after the guards. @throws A2AError RESOURCE_EXHAUSTED: the caller has too many calls in progress. */
  constructor(
    readonly limits: ClientLimits,
    request: PlatformRequest,
    readonly response: ServerResponse,
  ) {
    const principal = a2aPrincipalOf(request);
    this.expiresAt = principal?.expiresAt?.getTime();
    this.caller = enterCall(limits, { owner: principal?.owner, address: addressOf(request) });
    response.once('close', this.#over);
  }

  /**
   * Counts a call from now to the end of its response, at once unless the storage must be asked. undefined: the client left meanwhile.
   * Throws, or rejects with, A2AError RESOURCE_EXHAUSTED: the caller makes too many calls, or has too many in progress.
   */
  static begin(
    limits: ClientLimits,
    request: PlatformRequest,
    response: ServerResponse,
  ): ClientCall | undefined | Promise<ClientCall | undefined> {
    const caller = { owner: a2aPrincipalOf(request)?.owner, address: addressOf(request) };
    const taken = takeCall(limits, caller, (headers) => {
      if (response.headersSent) return;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    });
    const enter = (): ClientCall | undefined =>
      response.closed ? undefined : new ClientCall(limits, request, response);
    return taken ? taken.then(enter) : enter();
  }

  /** The connection has closed. */
  get left(): boolean {
    return this.response.destroyed;
  }

  /** Aborts when the connection closes before the answer was sent in full. */
  get signal(): AbortSignal {
    this.#left ??= new AbortController();
    if (this.left) this.#left.abort(CLIENT_LEFT);
    return this.#left.signal;
  }

  /** Bytes that count for the caller until they are released. @throws A2AError OVERLOADED */
  hold(bytes: number, shared?: object): HeldBytes {
    return held(this.limits.budget.acquire(this.caller, bytes, shared));
  }

  /** Counts bytes that were already written to the socket. `shared` identifies memory that others may hold too. */
  holdWritten(bytes: number, shared?: object): HeldBytes {
    return this.limits.budget.hold(this.caller, bytes, shared);
  }

  /** Releases the bytes when the response has ended. */
  untilEnd(bytes: HeldBytes): void {
    if (this.response.closed) bytes.release();
    else (this.#held ??= []).push(bytes);
  }

  /**
   * Disconnects the client if it reads nothing of what is written to it. Returns a function that ends the watch; the end of the
   * response does too. `life` maps the number of bytes read to a progress value.
   */
  watchTaking(life = (taken: number): number => taken): () => void {
    const { socket } = this.response;
    if (socket === null) return () => undefined;
    this.#unwatch?.();
    this.#unwatch = this.limits.silence.watch({
      progress: () => life(takenBytes(socket)),
      idleMs: this.limits.options.responseIdleMs,
      expired: () => void socket.destroy(),
    });
    return this.#unwatch;
  }

  /** Ends the stream at its age limit, unless it ends before; resolves with `sent`. */
  during(stream: Endable, sent: Promise<void>): Promise<void> {
    if (this.expiresAt === undefined && this.limits.options.maxStreamAgeMs === 0) return sent;
    const lifetime = new StreamLifetime(stream, this.limits.options, this.expiresAt);
    return sent.finally(() => lifetime.stop());
  }

  /** For a response that was written at once: usually the system has accepted most of it by now. */
  written(): void {
    const { socket } = this.response;
    const waiting = socket === null ? 0 : queuedBytes(socket);
    if (waiting === 0) return;
    this.untilEnd(this.holdWritten(waiting));
    this.watchTaking();
  }

  readonly #over = (): void => {
    this.limits.calls.leave(this.caller);
    this.#unwatch?.();
    for (const bytes of this.#held ?? []) bytes.release();
    this.#held = undefined;
    if (!this.response.writableFinished) this.#left?.abort(CLIENT_LEFT);
  };
}

/** The queue of libuv for a socket; not in Node's types, and absent on some platforms. */
interface Handle {
  readonly _handle?: { readonly writeQueueSize?: number } | null;
}

/** Bytes of the current write that the system has not accepted yet. */
const queuedBytes = (socket: Socket): number => (socket as unknown as Handle)._handle?.writeQueueSize ?? 0;

/** A number that changes when the system accepts bytes from the socket, and not when more are written to it. */
const takenBytes = (socket: Socket): number => socket.bytesWritten - socket.writableLength - queuedBytes(socket);
