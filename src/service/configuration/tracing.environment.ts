import { isTraceUrl, TRACE_URL_EXAMPLE, TRACE_URL_RULE } from '../../admin/trace-url.js';
import { AgentsEnvironment } from './agents.environment.js';
import { isHttpUrl } from './values.js';
import { Choice, Text } from './variable.decorators.js';

/** Where traces are seen, and the variables of OpenTelemetry that decide whether there are any; its packages read the others by themselves. */
export class TracingEnvironment extends AgentsEnvironment {
  @Text({
    rule: 'an http or https URL without query and fragment',
    accepts: isHttpUrl,
    example: 'http://collector:4318',
  })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** Collectors take it at the same address as http/protobuf. */
  @Choice([undefined, 'http/json'], 'http/json')
  OTEL_EXPORTER_OTLP_PROTOCOL?: 'http/json';

  /** Where a tracing UI shows a trace. A wrong one may have a password. */
  @Text({ rule: TRACE_URL_RULE, accepts: isTraceUrl, example: TRACE_URL_EXAMPLE, secret: true })
  A2A_TRACE_URL?: string;
}

/** Settings of traces that have no effect. */
export function* tracingWarnings({
  A2A_TRACE_URL,
  OTEL_EXPORTER_OTLP_ENDPOINT,
}: TracingEnvironment): Generator<string> {
  if (A2A_TRACE_URL !== undefined && OTEL_EXPORTER_OTLP_ENDPOINT === undefined)
    yield 'A2A_TRACE_URL has no effect on new tasks without OTEL_EXPORTER_OTLP_ENDPOINT: they have no traces.';
}
