import { AgentsEnvironment } from './agents.environment.js';
import { isHttpUrl } from './values.js';
import { Choice, Text } from './variable.decorators.js';

/** The variables of OpenTelemetry that decide whether there are traces; its packages read the others by themselves. */
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
}
