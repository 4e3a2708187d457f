import type { Metadata, ServerInterceptingCallInterface, ServerInterceptor, StatusObject } from '@grpc/grpc-js';
import type { ServerHttp2Stream } from 'node:http2';
import type { AgentRegistry } from '../../agents/agent-registry.interface.js';
import type { ClientLimits } from '../../common/client-limits.js';
import type { HeldBytes } from '../../common/byte-budget.js';
import type { CallObserver } from '../call.observer.js';
import type { ObservedCall } from '../observed-call.js';
import type { Operation } from '../operation.js';
import { CLIENT_LEFT } from '../operation.runner.js';
import { held } from '../over-budget.js';
import { calledAgent, calledAgentId, headersOf } from './server-call.js';
import { cutBehindStatus, GrpcClientCall, streamOf } from './client-call.js';
import type { GrpcCall, GrpcSettings } from './grpc.options.js';
import type { Grpc } from './load-grpc.js';
import { failureOf, statusOf } from './status-trailers.js';
import { unauthenticated } from '../../protocol/errors/index.js';
import { type A2aPrincipal, assertExpiry } from '../../security/principal.js';
import type { Authentication } from '../../security/authentication/authentication.js';
import { fromHttpException } from '../http-exception.mapping.js';

export interface CallIntakePorts {
  readonly limits: ClientLimits;
  readonly agents: AgentRegistry;
  readonly settings: Pick<GrpcSettings, 'authenticate'>;
  readonly observer: CallObserver;
  readonly authentication?: Authentication;
}

/**
 * Receives calls: it authenticates the caller when the metadata arrive, and reads the message only then. The bytes of the message
 * count while it arrives, and it has a time limit.
 */
export class CallIntake {
  readonly #calls = new WeakMap<Metadata, GrpcClientCall>();

  constructor(private readonly ports: CallIntakePorts) {}

  /** The received call with these metadata. */
  of(metadata: Metadata): GrpcClientCall {
    const call = this.#calls.get(metadata);
    if (call === undefined) throw new Error('The call was not received by the interceptor.');
    return call;
  }

  /** An interceptor for the calls of these paths; others pass. `report` gets what refuses a call. */
  interceptor(
    grpc: Grpc,
    operations: ReadonlyMap<string, Operation>,
    report: (error: unknown, path: string) => void,
  ): ServerInterceptor {
    return ({ path }, call) => {
      const operation = operations.get(path);
      if (operation === undefined) return new grpc.ServerInterceptingCall(call);
      const left = new AbortController();
      let taken: GrpcClientCall | undefined;
      let observed: ObservedCall | undefined;
      const refuse = (error: unknown, status: StatusObject): void => {
        // Without an error the client was late, which is not logged.
        if (error !== undefined) {
          report(error, path);
          observed?.failed(error);
        }
        call.sendStatus(status);
        cutBehindStatus(streamOf(call));
      };
      return new grpc.ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveMetadata: (metadata, pass) => {
              const begin = async (): Promise<void> => {
                observed = this.#observe(operation, metadata, addressOf(call.getPeer()));
                taken = await this.#begin(call, path, metadata, observed, left.signal);
                if (left.signal.aborted) return taken.end();
                this.#calls.set(metadata, taken);
                this.#watchUpload(grpc, taken, call, refuse);
                pass(metadata);
              };
              begin().catch((error: unknown) => {
                if (left.signal.aborted) return;
                refuse(error, failureOf(grpc, error, calledAgent(this.ports.agents, headersOf(metadata))));
              });
            },
            onReceiveMessage: (message: unknown, pass) => pass(message),
            onReceiveHalfClose: (pass) => pass(),
            onCancel: () => {
              left.abort(CLIENT_LEFT);
              taken?.end();
              observed?.end(streamOf(call)?.writableFinished === true);
            },
          }),
      });
    };
  }

  #observe(operation: Operation, metadata: Metadata, peer: string): ObservedCall {
    const headers = headersOf(metadata);
    const agent = calledAgent(this.ports.agents, headers)?.id;
    const observed = this.ports.observer.begin({ binding: 'grpc', version: operation.version, agent, peer }, headers);
    observed.called(operation);
    return observed;
  }

  /** Rejects with A2AError. */
  async #begin(
    call: ServerInterceptingCallInterface,
    path: string,
    metadata: Metadata,
    observed: ObservedCall,
    signal: AbortSignal,
  ): Promise<GrpcClientCall> {
    const headers = headersOf(metadata);
    const peer = call.getPeer();
    const { limits, agents, settings } = this.ports;
    const agent = calledAgentId(agents, headers);
    const { sslPeerCertificate: certificate } = call.getAuthContext();
    const known = await authenticated(settings.authenticate, { agent, path, peer, certificate, headers, signal });
    const principal = await this.#identified({ agent, peer, certificate, headers }, known);
    observed.identified(principal);
    return GrpcClientCall.begin(limits, principal, peer, observed, streamOf(call));
  }

  /** What A2aAuthModule says of the caller, if it is imported. Rejects with A2AError. */
  async #identified(
    { agent, peer, certificate, headers }: Pick<GrpcCall, 'agent' | 'peer' | 'certificate' | 'headers'>,
    known: A2aPrincipal | undefined,
  ): Promise<A2aPrincipal | undefined> {
    const { authentication, agents } = this.ports;
    if (authentication === undefined) return known;
    const address = addressOf(peer);
    const call = { binding: 'grpc', agent, headers, address, certificate: () => certificate } as const;
    try {
      return await authentication.identify(call, agents.get(agent)?.options ?? authentication.demand, known);
    } catch (error) {
      throw fromHttpException(error).error;
    }
  }

  #watchUpload(
    grpc: Grpc,
    taken: GrpcClientCall,
    call: ServerInterceptingCallInterface,
    refuse: (error: unknown, status: StatusObject) => void,
  ): void {
    const stream = streamOf(call);
    if (stream === undefined) return;
    const { budget, silence, options } = this.ports.limits;
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

/** Of `address:port`. */
const addressOf = (peer: string): string => peer.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

/** The library has paused the stream by now, so another listener does not make it flow. */
const addPaused = (stream: ServerHttp2Stream, onData: (chunk: Buffer) => void): ServerHttp2Stream =>
  stream.prependListener('data', onData);

/** The principal of the caller, from the application; undefined if it admits everyone. Rejects with A2AError. */
async function authenticated(
  authenticate: GrpcSettings['authenticate'],
  call: GrpcCall,
): Promise<A2aPrincipal | undefined> {
  if (authenticate === undefined || authenticate === 'anonymous') return undefined;
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
