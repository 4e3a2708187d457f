import type { Metrics } from '../common/metrics/metrics.interface.js';
import { secondsSince } from '../common/metrics/seconds-since.js';
import type { TraceCarrier, TraceSpan } from '../common/tracing/tracing.interface.js';
import { A2AError, httpStatusOf } from '../protocol/errors/index.js';
import type { OperationName } from '../protocol/operations.js';
import type { OperationObserver } from '../request-handler/request-handler.interface.js';
import type { A2aPrincipal } from '../security/principal.js';
import type { PlatformRequest } from './http/platform.js';
import type { ProtocolVersion } from './protocol-version.js';

export type Binding = 'jsonrpc' | 'rest' | 'eventsource' | 'grpc' | 'in-process';

/** A label's value for what a client made up. */
export const OTHER = 'other';

export interface CallFacts {
  readonly binding: Binding;
  /** Of the form of its answer, until the operation is known. */
  readonly version: ProtocolVersion;
  /** undefined: the called agent does not exist. */
  readonly agent: string | undefined;
  /** Over HTTP. */
  readonly request?: PlatformRequest;
  /** Address of the client over gRPC. */
  readonly peer?: string;
}

/** One call as metrics and traces see it, from the arrival of its headers to the end of its response. */
export interface ObservedCall extends OperationObserver {
  /** The trace of the call, for what it causes. */
  readonly carrier: TraceCarrier | undefined;
  called(operation: { readonly name: OperationName; readonly version: ProtocolVersion }): void;
  /** The caller, before its request is read. */
  identified(principal: Partial<A2aPrincipal> | undefined): void;
  /** The task that the request names. @throws A2AError UNAVAILABLE: it cannot be recorded, so it must not run. */
  targets(taskId: string | undefined): void;
  failed(error: unknown): void;
  /** Runs `work` inside the span of the call. */
  within<T>(work: () => T): T;
  /** `complete`: the response was sent in full. */
  end(complete: boolean): void;
}

/** Of a call that nobody observes. */
export const UNOBSERVED: ObservedCall = {
  carrier: undefined,
  called: () => undefined,
  identified: () => undefined,
  targets: () => undefined,
  admitted: () => undefined,
  accepted: () => undefined,
  failed: () => undefined,
  within: (work) => work(),
  end: () => undefined,
};

export class MeasuredCall implements ObservedCall {
  readonly #begun = performance.now();
  #operation: OperationName | typeof OTHER = OTHER;
  #version: ProtocolVersion;
  #failure?: string;
  /** The server has failed, not the client. */
  #fault = false;

  constructor(
    private readonly facts: CallFacts,
    private readonly metrics: Metrics,
    private readonly span: TraceSpan,
  ) {
    this.#version = facts.version;
  }

  get carrier(): TraceCarrier | undefined {
    return this.span.carrier;
  }

  called({ name, version }: { readonly name: OperationName; readonly version: ProtocolVersion }): void {
    this.#operation = name;
    this.#version = version;
    this.span.rename(`A2A ${name}`);
    this.span.set('rpc.method', name);
    this.span.set('a2a.protocol.version', version);
  }

  identified(): void {}

  targets(): void {}

  admitted(): void {}

  accepted(): void {}

  failed(error: unknown): void {
    this.#failure = error instanceof A2AError ? error.reason : 'INTERNAL';
    this.#fault = httpStatusOf(error) >= 500;
  }

  within<T>(work: () => T): T {
    return this.span.within(work);
  }

  end(complete: boolean): void {
    const { binding, agent = OTHER } = this.facts;
    const outcome = this.#failure ?? (complete ? 'OK' : 'CLIENT_LEFT');
    this.metrics.count('a2a_server_requests_total', this.#operation, binding, this.#version, agent, outcome);
    this.metrics.record(
      'a2a_server_request_duration_seconds',
      secondsSince(this.#begun),
      this.#operation,
      binding,
      agent,
    );
    this.span.set('a2a.outcome', outcome);
    this.span.end(this.#fault ? outcome : undefined);
  }
}
