import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** Nest's logs of its own wiring at each boot. */
const WIRING = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

const LEVELS: LogLevel[] = ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'];

/** The service's log on the console, from `level` on. Nest's wiring is logged only at `debug` and below. */
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
