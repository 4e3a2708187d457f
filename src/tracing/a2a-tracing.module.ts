import { Global, Module } from '@nestjs/common';
import { A2A_TRACING } from '../common/tracing/tracing.interface.js';
import { loadOtelApi } from './load-otel-api.js';
import { OtelTracing } from './otel.tracing.js';

/**
 * Traces A2aModule: a span for each call, each start of a turn and each notification, and `traceparent` on what leaves. Import it beside
 * `A2aModule`, once. The spans go to the OpenTelemetry SDK that the application has registered. Takes the optional package
 * @opentelemetry/api.
 *
 * @example
 * imports: [A2aModule.forRoot(), A2aTracingModule]
 */
@Global()
@Module({
  providers: [{ provide: A2A_TRACING, useFactory: async () => new OtelTracing(await loadOtelApi()) }],
  exports: [A2A_TRACING],
})
export class A2aTracingModule {}
