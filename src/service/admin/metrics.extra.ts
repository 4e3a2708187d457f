import { Controller, type DynamicModule, Get, type INestApplicationContext, Module, Res } from '@nestjs/common';
import { type HeaderSetter, ScrapedMetrics } from '../../metrics/scraped-metrics.js';

/** `GET /metrics` of the admin listener. */
@Controller('metrics')
class MetricsController {
  constructor(private readonly metrics: ScrapedMetrics) {}

  @Get()
  read(@Res({ passthrough: true }) response: HeaderSetter): Promise<string> {
    return this.metrics.answer(response);
  }
}

@Module({})
class MetricsExtraModule {}

/** The metrics of the application that serves agents. */
export const metricsExtra = (main: INestApplicationContext): DynamicModule => ({
  module: MetricsExtraModule,
  controllers: [MetricsController],
  providers: [{ provide: ScrapedMetrics, useFactory: () => main.get(ScrapedMetrics, { strict: false }) }],
});
