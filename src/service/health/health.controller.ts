import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import { ReadinessService, type Readiness } from './readiness.service.js';

/** The part of the responses of Express and Fastify that is used. */
interface StatusSetter {
  status(code: number): unknown;
}

/**
 * For orchestrators: `/health/live` reports that the process responds, `/health/ready` (200 or 503) that it can serve requests.
 */
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: StatusSetter): Promise<Readiness> {
    const readiness = await this.readiness.read();
    if (readiness.status !== 'ok') response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }
}
