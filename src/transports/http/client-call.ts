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

/** One call over HTTP as far as the limits are concerned, from its guards to the end of its answer. */
export class ClientCall {
  #held?: HeldBytes[];
  #unwatch?: () => void;

  private constructor(
    readonly limits: ClientLimits,
    readonly caller: string,
    /** When the caller's credentials end, in ms since 1970. */
    readonly expiresAt: number | undefined,
    readonly response: ServerResponse,
  ) {
    response.once('close', () => this.#over());
  }

  /** After the guards have run. @throws A2AError RESOURCE_EXHAUSTED: the caller has too many calls under way. */
  static begin(limits: ClientLimits, request: PlatformRequest, response: ServerResponse): ClientCall {
    const principal = a2aPrincipalOf(request);
    const caller = callerKey(principal?.owner, request.ip ?? rawRequest(request).socket.remoteAddress);
    if (!limits.calls.enter(caller)) throw tooManyCalls(limits.calls.max);
    return new ClientCall(limits, caller, principal?.expiresAt?.getTime(), response);
  }

  /** Bytes that are the caller's until they are given back. @throws A2AError OVERLOADED */
  hold(bytes: number, shared?: object): HeldBytes {
    return held(this.limits.budget.acquire(this.caller, bytes, shared));
  }

  /** Counts what the socket was given already. `shared` identifies memory that others may hold too. */
  holdWritten(bytes: number, shared?: object): HeldBytes {
    return this.limits.budget.hold(this.caller, bytes, shared);
  }

  /** Gives the bytes back when the answer has ended. */
  untilEnd(bytes: HeldBytes): void {
    if (this.response.closed) bytes.release();
    else (this.#held ??= []).push(bytes);
  }

  /**
   * Cuts the client off when it takes nothing of what is written to it. Returns what ends the watch; the end of the answer does too.
   * `life` may say otherwise: it makes a sign of life of the number of bytes taken.
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

  /** Ends the stream when its time is over, unless it is by itself; resolves with `sent`. */
  during(stream: ItemStream, sent: Promise<void>): Promise<void> {
    if (this.expiresAt === undefined && this.limits.options.maxStreamAgeMs === 0) return sent;
    const lifetime = new StreamLifetime(stream, this.limits.options, this.expiresAt);
    return sent.finally(() => lifetime.stop());
  }

  /** For an answer that was written in one go: most are in the hands of the system by now. */
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

/** What libuv keeps for a socket's descriptor; not part of Node's typed surface, and absent where there is no such queue. */
interface Handle {
  readonly _handle?: { readonly writeQueueSize?: number } | null;
}

/** Bytes of the write that is under way which the system has not taken yet. */
const queuedBytes = (socket: Socket): number => (socket as unknown as Handle)._handle?.writeQueueSize ?? 0;

/** A number that changes whenever the system takes bytes from the socket, and not when more are written to it. */
const takenBytes = (socket: Socket): number => socket.bytesWritten - socket.writableLength - queuedBytes(socket);
