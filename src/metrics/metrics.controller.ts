import { Controller, Get, Inject, Req, Res, type Type, UnauthorizedException, VERSION_NEUTRAL } from '@nestjs/common';
import { type PlatformRequest, rawRequest } from '../transports/http/platform.js';
import { METRICS_OPTIONS, type MetricsSettings } from './metrics.options.js';
import { type HeaderSetter, ScrapedMetrics } from './scraped-metrics.js';

/** A controller that serves the metrics to those who may read them. */
export function createMetricsController(path: string): Type {
  @Controller({ path, version: VERSION_NEUTRAL })
  class A2aMetricsController {
    constructor(
      private readonly metrics: ScrapedMetrics,
      @Inject(METRICS_OPTIONS) private readonly settings: MetricsSettings,
    ) {}

    @Get()
    async read(@Req() request: PlatformRequest, @Res({ passthrough: true }) response: HeaderSetter): Promise<string> {
      if ((await this.settings.authorize?.(rawRequest(request))) !== true) throw new UnauthorizedException();
      return this.metrics.answer(response);
    }
  }
  return A2aMetricsController;
}
