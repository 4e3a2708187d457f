import { constants, type ServerHttp2Stream } from 'node:http2';
import type { HeldBytes } from '../../common/byte-budget.js';
import type { ClientLimits } from '../../common/client-limits.js';
import { callerKey } from '../../security/call-context.js';
import type { A2aPrincipal } from '../../security/principal.js';
import { held, tooManyCalls } from '../over-budget.js';

/** A client that takes less than this in a second, while its connection is idle or not, does not read. */
const SLOWEST_BYTES_PER_MS = 16;

/** One call over gRPC as far as the limits are concerned, from the moment its caller is known to its end. */
export class GrpcClientCall {
  readonly #ends: (() => void)[] = [];
  #ended = false;

  private constructor(
    readonly limits: ClientLimits,
    readonly caller: string,
    readonly principal: A2aPrincipal | undefined,
    private readonly stream: ServerHttp2Stream | undefined,
  ) {}

  /** @throws A2AError RESOURCE_EXHAUSTED: the caller has too many calls under way. */
  static begin(
    limits: ClientLimits,
    principal: A2aPrincipal | undefined,
    peer: string,
    stream: ServerHttp2Stream | undefined,
  ): GrpcClientCall {
    const caller = callerKey(principal?.owner, peer.replace(/:\d+$/, ''));
    if (!limits.calls.enter(caller)) throw tooManyCalls(limits.calls.max);
    return new GrpcClientCall(limits, caller, principal, stream);
  }

  /** Bytes that are the caller's until they are given back, or the call ends. @throws A2AError OVERLOADED */
  hold(bytes: number): HeldBytes {
    const result = held(this.limits.budget.acquire(this.caller, bytes));
    if (this.#ended) result.release();
    return result;
  }

  /** Cuts the client off when it does not take a message. Returns what ends the watch. */
  watchTaking(bytes: number): () => void {
    const { responseIdleMs } = this.limits.options;
    return this.limits.silence.watch({
      progress: () => takenByConnection(this.stream),
      idleMs: responseIdleMs,
      limitMs: responseIdleMs + bytes / SLOWEST_BYTES_PER_MS,
      expired: () => cut(this.stream, constants.NGHTTP2_CANCEL),
    });
  }

  /** Called when the call has ended, or at once if it has. */
  onEnd(release: () => void): void {
    if (this.#ended) release();
    else this.#ends.push(release);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.limits.calls.leave(this.caller);
    for (const release of this.#ends.splice(0)) release();
  }
}

/** As far as it is used here; absent in a library that keeps it elsewhere. */
interface CallOnStream {
  readonly stream?: ServerHttp2Stream;
}

/** Bytes of a connection that count as a sign of life: its pings are fewer. */
const LIFE_BYTES = 4096;

/** The stream of HTTP/2 below a call. The library does not show it, and has no other way to see a message arrive or leave. */
export const streamOf = (call: object): ServerHttp2Stream | undefined => (call as CallOnStream).stream;

/** A number that changes when the connection takes bytes of answers. */
function takenByConnection(stream: ServerHttp2Stream | undefined): number {
  const socket = stream?.session?.destroyed === false ? stream.session.socket : undefined;
  return Math.floor((socket?.bytesWritten ?? 0) / LIFE_BYTES);
}

/** Ends the stream without waiting for its client. */
export function cut(stream: ServerHttp2Stream | undefined, code: number): void {
  if (stream !== undefined && !stream.closed) stream.close(code);
}
