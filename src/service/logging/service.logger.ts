import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { jsonLine, type JsonLineParts } from './json-line.js';

/** Nest's logs of its own wiring at each boot. */
const WIRING = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/** A port that is taken, for example. */
const LISTEN = /\blisten E[A-Z]+/;

const LEVELS: LogLevel[] = ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'];

export type LogFormat = 'text' | 'json';

/** The service's log on the console, from `level` on. Nest's wiring is logged only at `debug` and below. */
export class ServiceLogger extends ConsoleLogger {
  private readonly wiring: boolean;

  constructor(level: LogLevel, format: LogFormat = 'text') {
    const logLevels = LEVELS.slice(LEVELS.indexOf(level));
    super({ logLevels, json: format === 'json' });
    this.wiring = logLevels.includes('debug');
  }

  /** Nest logs an error of the start with its stack, and the start then logs it once more. */
  override error(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    const ofStart = context === 'ExceptionHandler' || (context === 'NestApplication' && LISTEN.test(String(message)));
    if (!ofStart) super.error(message, ...rest);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (this.wiring || !WIRING.has(String(rest.at(-1)))) super.log(message, ...rest);
  }

  /** Nest's own, with the context of the request and one line for each message. */
  protected override printAsJson(message: unknown, parts: JsonLineParts): void {
    process[parts.writeStreamType ?? 'stdout'].write(jsonLine(message, parts));
  }
}
