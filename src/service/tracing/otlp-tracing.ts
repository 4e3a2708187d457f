import { loadOptional } from '../../common/load-optional.js';
import { SafeLogger } from '../../common/safe-logger.js';

const PACKAGES = [
  '@opentelemetry/api@1.9',
  '@opentelemetry/sdk-trace-node@2',
  '@opentelemetry/resources@2',
  '@opentelemetry/exporter-trace-otlp-http@0.223',
];
const SERVICE_NAME = 'nest-a2a';
/** Time for the last spans at the shutdown, in ms. */
const FLUSH_MS = 5_000;

/** An exporter of spans. */
export interface OtlpTracing {
  /** Sends the last spans. Never rejects. */
  stop(): Promise<void>;
}

/**
 * Sends the spans of this process to the collector that the variables of OpenTelemetry name, which its packages read by themselves. Rejects
 * with MissingPackageError.
 */
export async function startOtlpTracing(): Promise<OtlpTracing> {
  const { NodeTracerProvider, BatchSpanProcessor, OTLPTraceExporter, resources } = await loadOptional(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    PACKAGES,
    async () => ({
      ...(await import('@opentelemetry/sdk-trace-node')),
      ...(await import('@opentelemetry/exporter-trace-otlp-http')),
      resources: await import('@opentelemetry/resources'),
    }),
  );
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources;
  const named = resourceFromAttributes({ 'service.name': SERVICE_NAME });
  const resource = defaultResource()
    .merge(named)
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  const log = new SafeLogger('Tracing');
  return {
    stop: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`They were not sent within ${FLUSH_MS} ms.`)), FLUSH_MS);
      });
      await Promise.race([provider.shutdown(), late])
        .catch((error: unknown) => log.warn(`The last spans are lost: ${String(error)}`))
        .finally(() => clearTimeout(timer));
    },
  };
}
