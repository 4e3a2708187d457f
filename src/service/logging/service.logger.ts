import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** What Nest tells of its own wiring at each boot; of interest to its developers only. */
const WIRING = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

const LEVELS: LogLevel[] = ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'];

/** The service's log on the console: from `level` on; Nest's own wiring only at `debug` and below. */
export class ServiceLogger extends ConsoleLogger {
  private readonly wiring: boolean;

  constructor(level: LogLevel) {
    const logLevels = LEVELS.slice(LEVELS.indexOf(level));
    super({ logLevels });
    this.wiring = logLevels.includes('debug');
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (this.wiring || !WIRING.has(String(rest.at(-1)))) super.log(message, ...rest);
  }
}
