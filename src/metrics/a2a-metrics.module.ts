import { type DynamicModule, Module, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { A2A_METRICS } from '../common/metrics/metrics.interface.js';
import { registerGauges } from './gauges.js';
import { loadPromClient, type PromClient, type PromRegistry } from './load-prom-client.js';
import { createMetricsController } from './metrics.controller.js';
import { type A2aMetricsOptions, METRICS_OPTIONS, type MetricsSettings, metricsSettings } from './metrics.options.js';
import { PromMetrics } from './prom.metrics.js';
import { Readings } from './readings.js';
import { ScrapedMetrics } from './scraped-metrics.js';

const PROM_CLIENT = Symbol('PromClient');
const REGISTRY = Symbol('PromRegistry');

/**
 * Measures A2aModule with prom-client, and serves the metrics or adds them to a registry of the application. Import it beside `A2aModule`,
 * once. Takes the optional package prom-client.
 *
 * @example
 * imports: [A2aModule.forRoot(), A2aMetricsModule.forRoot({ authorize: (request) => request.headers['x-scraper'] === secret })]
 */
@Module({})
export class A2aMetricsModule implements OnApplicationBootstrap {
  constructor(private readonly readings: Readings) {}

  /** Throws TypeError naming the option that is wrong. */
  static forRoot(options: A2aMetricsOptions): DynamicModule {
    const settings = metricsSettings(options);
    return moduleOf(settings, settings.authorize ? [createMetricsController(settings.path)] : []);
  }

  /**
   * Measures, and serves nothing.
   * @internal For an application of the process that serves what ScrapedMetrics gives.
   */
  static unserved(): DynamicModule {
    return moduleOf({ processMetrics: true });
  }

  onApplicationBootstrap(): void {
    this.readings.assertFound();
  }
}

function moduleOf(
  settings: Pick<MetricsSettings, 'processMetrics'> & Partial<MetricsSettings>,
  controllers: Type[] = [],
): DynamicModule {
  return {
    module: A2aMetricsModule,
    global: true,
    controllers,
    providers: [
      { provide: METRICS_OPTIONS, useValue: settings },
      { provide: PROM_CLIENT, useFactory: loadPromClient },
      {
        provide: REGISTRY,
        inject: [PROM_CLIENT],
        useFactory: ({ Registry }: PromClient): PromRegistry => settings.register ?? new Registry(),
      },
      Readings,
      {
        provide: A2A_METRICS,
        inject: [PROM_CLIENT, REGISTRY, Readings],
        useFactory: (client: PromClient, register: PromRegistry, readings: Readings) => {
          if (settings.processMetrics) client.collectDefaultMetrics({ register });
          registerGauges(client, register, readings.gauges);
          return new PromMetrics(client, register);
        },
      },
      {
        provide: ScrapedMetrics,
        inject: [REGISTRY],
        useFactory: (register: PromRegistry) => new ScrapedMetrics(register),
      },
    ],
    exports: [A2A_METRICS, ScrapedMetrics],
  };
}
