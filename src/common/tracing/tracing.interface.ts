/** Injects the `Tracing` of the application. Optional: without it there are no traces. */
export const A2A_TRACING = Symbol('A2aTracing');

/** The W3C trace context of a span, as headers carry it. */
export interface TraceCarrier {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** A span that has begun. */
export interface TraceSpan {
  /** Continues the trace elsewhere. undefined: there is nothing to continue. */
  readonly carrier: TraceCarrier | undefined;
  /** Runs `work` with this span as the active one, also in what it awaits. */
  within<T>(work: () => T): T;
  rename(name: string): void;
  set(attribute: string, value: string | number): void;
  /** `failure`: why it failed, from a small fixed set. Only the first call counts. */
  end(failure?: string): void;
}

export interface SpanOptions {
  readonly kind: 'server' | 'consumer' | 'client';
  readonly attributes: Readonly<Record<string, string | number>>;
  /** The span or headers that it continues. It is the active span of this process, if there is one, for a server. */
  readonly parent?: Readonly<Record<string, unknown>>;
  /** The span that caused it, even if it is the parent. */
  readonly link?: TraceCarrier;
}

/** Where spans go. */
export interface Tracing {
  begin(name: string, options: SpanOptions): TraceSpan;
  /** Of the active span. */
  current(): TraceCarrier | undefined;
}

/** Is no span. */
export const NO_SPAN: TraceSpan = {
  carrier: undefined,
  within: (work) => work(),
  rename: () => undefined,
  set: () => undefined,
  end: () => undefined,
};
