import type { Metadata, ServerInterceptingCallInterface, ServerInterceptor, StatusObject } from '@grpc/grpc-js';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { AgentRegistry } from '../../agents/agent-registry.interface.js';
import type { ClientLimits } from '../../common/client-limits.js';
import type { HeldBytes } from '../../common/byte-budget.js';
import { CLIENT_LEFT } from '../call-signal.js';
import { held } from '../over-budget.js';
import { calledAgent, calledAgentId, headersOf } from './server-call.js';
import { cut, GrpcClientCall, streamOf } from './client-call.js';
import type { GrpcCall, GrpcSettings } from './grpc.options.js';
import type { Grpc } from './load-grpc.js';
import { failureOf, statusOf } from './status-trailers.js';
import { unauthenticated } from '../../protocol/errors/index.js';
import { type A2aPrincipal, assertExpiry } from '../../security/principal.js';
import { fromHttpException } from '../http-exception.mapping.js';

/**
 * Receives calls: it authenticates the caller when the metadata arrive, and reads the message only then. The bytes of the message
 * count while it arrives, and it has a time limit.
 */
export class CallIntake {
  readonly #calls = new WeakMap<Metadata, GrpcClientCall>();

  constructor(
    private readonly limits: ClientLimits,
    private readonly agents: AgentRegistry,
    private readonly settings: GrpcSettings,
  ) {}

  /** The received call with these metadata. */
  of(metadata: Metadata): GrpcClientCall {
    const call = this.#calls.get(metadata);
    if (call === undefined) throw new Error('The call was not received by the interceptor.');
    return call;
  }

  /** An interceptor for the calls of these paths; others pass. `report` gets what refuses a call. */
  interceptor(
    grpc: Grpc,
    paths: ReadonlySet<string>,
    report: (error: unknown, path: string) => void,
  ): ServerInterceptor {
    return ({ path }, call) => {
      if (!paths.has(path)) return new grpc.ServerInterceptingCall(call);
      const left = new AbortController();
      let taken: GrpcClientCall | undefined;
      const refuse = (error: unknown, status: StatusObject): void => {
        // Without an error the client was late, which is not logged.
        if (error !== undefined) report(error, path);
        call.sendStatus(status);
        // Its response is complete, so what it still sends is ignored.
        streamOf(call)?.once('finish', () => cut(streamOf(call), constants.NGHTTP2_NO_ERROR));
      };
      return new grpc.ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveMetadata: (metadata, pass) => {
              const begin = async (): Promise<void> => {
                taken = await this.#begin(call, path, metadata, left.signal);
                if (left.signal.aborted) return taken.end();
                this.#calls.set(metadata, taken);
                this.#watchUpload(grpc, taken, call, refuse);
                pass(metadata);
              };
              begin().catch((error: unknown) => {
                if (left.signal.aborted) return;
                refuse(error, failureOf(grpc, error, calledAgent(this.agents, headersOf(metadata))));
              });
            },
            onReceiveMessage: (message: unknown, pass) => pass(message),
            onReceiveHalfClose: (pass) => pass(),
            onCancel: () => {
              left.abort(CLIENT_LEFT);
              taken?.end();
            },
          }),
      });
    };
  }

  /** Rejects with A2AError. */
  async #begin(
    call: ServerInterceptingCallInterface,
    path: string,
    metadata: Metadata,
    signal: AbortSignal,
  ): Promise<GrpcClientCall> {
    const headers = headersOf(metadata);
    const peer = call.getPeer();
    const principal = await authenticated(this.settings.authenticate, {
      agent: calledAgentId(this.agents, headers),
      path,
      peer,
      certificate: call.getAuthContext().sslPeerCertificate,
      headers,
      signal,
    });
    return GrpcClientCall.begin(this.limits, principal, peer, streamOf(call));
  }

  #watchUpload(
    grpc: Grpc,
    taken: GrpcClientCall,
    call: ServerInterceptingCallInterface,
    refuse: (error: unknown, status: StatusObject) => void,
  ): void {
    const stream = streamOf(call);
    if (stream === undefined) return;
    const { budget, silence, options } = this.limits;
    let arrived = 0;
    let bytes: HeldBytes | undefined;
    const unwatch = silence.watch({
      progress: () => arrived,
      idleMs: options.requestIdleMs,
      limitMs: options.requestTimeoutMs,
      expired: () => {
        const details = 'The request did not arrive in time. Send it again, or send less.';
        refuse(undefined, { code: grpc.status.DEADLINE_EXCEEDED, details, metadata: new grpc.Metadata() });
      },
    });
    const onData = (chunk: Buffer): void => {
      arrived += chunk.length;
      try {
        if (bytes === undefined) bytes = held(budget.acquire(taken.caller, chunk.length));
        else {
          const atCapacity = bytes.grow(chunk.length);
          if (atCapacity) held(atCapacity);
        }
      } catch (error) {
        done();
        refuse(error, statusOf(grpc, error));
      }
    };
    const done = (): void => {
      unwatch();
      stream.off('data', onData).off('end', done);
      bytes?.release();
    };
    taken.onEnd(done);
    addPaused(stream, onData).once('end', done);
  }
}

/** The library has paused the stream by now, so another listener does not make it flow. */
const addPaused = (stream: ServerHttp2Stream, onData: (chunk: Buffer) => void): ServerHttp2Stream =>
  stream.prependListener('data', onData);

/** The principal of the caller, from the application; undefined if it admits everyone. Rejects with A2AError. */
async function authenticated(
  authenticate: GrpcSettings['authenticate'],
  call: GrpcCall,
): Promise<A2aPrincipal | undefined> {
  if (authenticate === 'anonymous') return undefined;
  let principal: A2aPrincipal | undefined;
  try {
    principal = await authenticate(call);
    if (principal) assertExpiry(principal);
  } catch (error) {
    throw fromHttpException(error).error;
  }
  // An authenticator that found no user must not make its callers anonymous.
  if (typeof principal?.owner !== 'string' || principal.owner === '')
    throw unauthenticated('The caller could not be identified.');
  return principal;
}
