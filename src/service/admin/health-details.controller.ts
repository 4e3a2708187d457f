import { Controller, Get, HttpStatus, Res, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { A2aHealthIndicators } from '../../admin/health/a2a-health.indicators.js';

/** The part of the responses of Express and Fastify that is used. */
interface StatusSetter {
  status(code: number): unknown;
}

/** `GET /health` of the admin listener: each check with what was measured. 503 if one of them is down. */
@Controller('health')
export class HealthDetailsController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly a2a: A2aHealthIndicators,
  ) {}

  @Get()
  async details(@Res({ passthrough: true }) response: StatusSetter): Promise<HealthCheckResult> {
    const { a2a } = this;
    try {
      return await this.health.check([
        () => a2a.storage(),
        () => a2a.lease(),
        () => a2a.bus(),
        () => a2a.drain(),
        () => a2a.runQueue(),
        () => a2a.outbox(),
      ]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(HttpStatus.SERVICE_UNAVAILABLE);
      return error.getResponse() as HealthCheckResult;
    }
  }
}
