import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HeldBytes } from '../../common/byte-budget.js';
import type { ClientLimits } from '../../common/client-limits.js';
import { callerKey } from '../../security/call-context.js';
import { a2aPrincipalOf } from '../../security/principal.js';
import type { ItemStream } from '../../request-handler/request-handler.interface.js';
import { held, tooManyCalls } from '../over-budget.js';
import { type PlatformRequest, rawRequest } from './platform.js';
import { StreamLifetime } from '../stream-lifetime.js';

/** One HTTP call as the limits see it, from its guards to the end of its response. */
export class ClientCall {
  #held?: HeldBytes[];
  #unwatch?: () => void;

  private constructor(
    readonly limits: ClientLimits,
    readonly caller: string,
    /** Expiry of the caller's credentials, in ms since 1970. */
    readonly expiresAt: number | undefined,
    readonly response: ServerResponse,
  ) {
    response.once('close', () => this.#over());
  }

  /** To be called after the guards. @throws A2AError RESOURCE_EXHAUSTED: the caller has too many calls in progress. */
  static begin(limits: ClientLimits, request: PlatformRequest, response: ServerResponse): ClientCall {
    const principal = a2aPrincipalOf(request);
    const caller = callerKey(principal?.owner, request.ip ?? rawRequest(request).socket.remoteAddress);
    if (!limits.calls.enter(caller)) throw tooManyCalls(limits.calls.max);
    return new ClientCall(limits, caller, principal?.expiresAt?.getTime(), response);
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
  during(stream: ItemStream, sent: Promise<void>): Promise<void> {
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

  #over(): void {
    this.limits.calls.leave(this.caller);
    this.#unwatch?.();
    for (const bytes of this.#held ?? []) bytes.release();
    this.#held = undefined;
  }
}

/** The queue of libuv for a socket; not in Node's types, and absent on some platforms. */
interface Handle {
  readonly _handle?: { readonly writeQueueSize?: number } | null;
}

/** Bytes of the current write that the system has not accepted yet. */
const queuedBytes = (socket: Socket): number => (socket as unknown as Handle)._handle?.writeQueueSize ?? 0;

/** A number that changes when the system accepts bytes from the socket, and not when more are written to it. */
const takenBytes = (socket: Socket): number => socket.bytesWritten - socket.writableLength - queuedBytes(socket);
