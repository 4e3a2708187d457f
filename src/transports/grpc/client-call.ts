import { constants, type ServerHttp2Stream } from 'node:http2';
import type { HeldBytes } from '../../common/byte-budget.js';
import type { ClientLimits } from '../../common/client-limits.js';
import type { A2aPrincipal } from '../../security/principal.js';
import type { ObservedCall } from '../observed-call.js';
import { enterCall, takeCall } from '../call-rate.js';
import { held } from '../over-budget.js';

/** A client that reads fewer bytes per ms than this, idle times included, counts as not reading. */
const SLOWEST_BYTES_PER_MS = 16;

/** One gRPC call as the limits see it, from the identification of its caller to its end. */
export class GrpcClientCall {
  readonly #ends: (() => void)[] = [];
  #ended = false;

  private constructor(
    readonly limits: ClientLimits,
    readonly caller: string,
    readonly principal: A2aPrincipal | undefined,
    readonly observed: ObservedCall,
    private readonly stream: ServerHttp2Stream | undefined,
  ) {}

  /** Rejects with A2AError RESOURCE_EXHAUSTED: the caller makes too many calls, or has too many in progress. */
  static async begin(
    limits: ClientLimits,
    principal: A2aPrincipal | undefined,
    peer: string,
    observed: ObservedCall,
    stream: ServerHttp2Stream | undefined,
  ): Promise<GrpcClientCall> {
    const counted = { owner: principal?.owner, address: peer.replace(/:\d+$/, '') };
    const taken = takeCall(limits, counted);
    if (taken) await taken;
    return new GrpcClientCall(limits, enterCall(limits, counted), principal, observed, stream);
  }

  /** Bytes that count for the caller until they are released, or the call ends. @throws A2AError OVERLOADED */
  hold(bytes: number): HeldBytes {
    const result = held(this.limits.budget.acquire(this.caller, bytes));
    if (this.#ended) result.release();
    return result;
  }

  /** Disconnects the client if it does not read a message. Returns a function that ends the watch. */
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

/** The part that is used here; absent if the library keeps it elsewhere. */
interface CallOnStream {
  readonly stream?: ServerHttp2Stream;
}

/** Bytes of a connection that count as progress: its pings are fewer. */
const LIFE_BYTES = 4096;

/**
 * The HTTP/2 stream of a call. The library does not expose it, and has no other way to observe when a message arrives or leaves.
 */
export const streamOf = (call: object): ServerHttp2Stream | undefined => (call as CallOnStream).stream;

/** A number that changes when the connection accepts bytes of responses. */
function takenByConnection(stream: ServerHttp2Stream | undefined): number {
  const socket = stream?.session?.destroyed === false ? stream.session.socket : undefined;
  return Math.floor((socket?.bytesWritten ?? 0) / LIFE_BYTES);
}

/** Ends the stream without waiting for its client. */
export function cut(stream: ServerHttp2Stream | undefined, code: number): void {
  if (stream !== undefined && !stream.closed) stream.close(code);
}

/** How long the client of a refused call may still send, in ms. */
const LINGER_MS = 1_000;

/**
 * Ends the stream of a call that was refused before its message was complete, some time after the status. What the client still sends
 * is ignored. A reset right behind the status would overtake it in newer versions of Node.
 */
export function cutBehindStatus(stream: ServerHttp2Stream | undefined): void {
  stream?.once('finish', () => {
    const timer = setTimeout(() => cut(stream, constants.NGHTTP2_NO_ERROR), LINGER_MS).unref();
    stream.once('close', () => clearTimeout(timer));
  });
}
