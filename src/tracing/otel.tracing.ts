import type { Context, Link, Span } from '@opentelemetry/api';
import type { SpanOptions, TraceCarrier, TraceSpan, Tracing } from '../common/tracing/tracing.interface.js';
import type { OtelApi } from './load-otel-api.js';
import { carrierOf, spanContextOf } from './trace-context.js';

/** The instrumentation scope of all spans. */
const SCOPE = 'nest-a2a';

/** Spans of OpenTelemetry, for whatever SDK the application has registered. Without one, it only passes traces on. */
export class OtelTracing implements Tracing {
  constructor(private readonly api: OtelApi) {}

  begin(name: string, { kind, attributes, parent = {}, link }: SpanOptions): TraceSpan {
    const { trace, SpanKind } = this.api;
    const base = kind === 'server' ? this.#callerOf(parent) : this.#remote(parent);
    const linked = link && spanContextOf(this.api, { ...link });
    const links: Link[] = linked ? [{ context: linked }] : [];
    const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT };
    // Asked for each time: an SDK may be registered later than this module is made.
    const span = trace
      .getTracer(SCOPE)
      .startSpan(name, { kind: kinds[kind], attributes: { ...attributes }, links }, base);
    return new OtelSpan(this.api, span, trace.setSpan(base, span));
  }

  current(): TraceCarrier | undefined {
    const { trace, context, isSpanContextValid } = this.api;
    const active = trace.getSpanContext(context.active());
    return active && isSpanContextValid(active) ? carrierOf(active) : undefined;
  }

  /** An instrumentation of HTTP or gRPC may have begun a span for the call; else the headers of the call say what it continues. */
  #callerOf(headers: Readonly<Record<string, unknown>>): Context {
    const { trace, context, propagation } = this.api;
    const active = context.active();
    return trace.getSpan(active) ? active : propagation.extract(active, headers);
  }

  /** Never the active span: what runs later is no part of what happens to run now. */
  #remote(carrier: Readonly<Record<string, unknown>>): Context {
    const { trace, ROOT_CONTEXT } = this.api;
    const remote = spanContextOf(this.api, carrier);
    return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
  }
}

class OtelSpan implements TraceSpan {
  readonly carrier: TraceCarrier | undefined;

  constructor(
    private readonly api: OtelApi,
    private readonly span: Span,
    private readonly inside: Context,
  ) {
    const own = span.spanContext();
    this.carrier = api.isSpanContextValid(own) ? carrierOf(own) : undefined;
  }

  within<T>(work: () => T): T {
    return this.api.context.with(this.inside, work);
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  set(attribute: string, value: string | number): void {
    this.span.setAttribute(attribute, value);
  }

  end(failure?: string): void {
    if (!this.span.isRecording()) return;
    if (failure !== undefined) {
      this.span.setAttribute('error.type', failure);
      this.span.setStatus({ code: this.api.SpanStatusCode.ERROR });
    }
    this.span.end();
  }
}
