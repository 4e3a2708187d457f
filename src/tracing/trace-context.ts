import type { SpanContext } from '@opentelemetry/api';
import { parseTraceparent } from '../common/tracing/traceparent.js';
import type { TraceCarrier } from '../common/tracing/tracing.interface.js';
import type { OtelApi } from './load-otel-api.js';

/** W3C Trace Context asks for no more; a longer one is not kept. */
const MAX_STATE_LENGTH = 512;

/** The W3C form, which is what is stored: it does not depend on the propagator that the application has chosen. */
export function carrierOf({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceCarrier {
  const state = traceState?.serialize() ?? '';
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    ...(state !== '' && state.length <= MAX_STATE_LENGTH && { tracestate: state }),
  };
}

/** undefined: it is none, whatever an older or a newer version stored. */
export function spanContextOf(
  { createTraceState }: Pick<OtelApi, 'createTraceState'>,
  { traceparent, tracestate }: Readonly<Record<string, unknown>>,
): SpanContext | undefined {
  const parent = parseTraceparent(traceparent);
  return (
    parent && {
      traceId: parent.traceId,
      spanId: parent.spanId,
      traceFlags: parent.flags,
      isRemote: true,
      ...(typeof tracestate === 'string' && tracestate !== '' && { traceState: createTraceState(tracestate) }),
    }
  );
}
