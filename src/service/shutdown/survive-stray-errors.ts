import type { LoggerService } from '@nestjs/common';
import { SafeLogger } from '../../common/safe-logger.js';
import { failAgentCall } from '../../execution/runs/stray-errors.js';

/**
 * Catches what nobody else did, for the whole process. An error that arose in the call of an agent fails its task; any other one
 * is logged, and `shutDown` is called: what a process does after an unknown error is not to be trusted.
 */
export function surviveStrayErrors(
  shutDown: (why: string, leastCode: number) => void,
  log: Pick<LoggerService, 'fatal'> = new SafeLogger('Process'),
): void {
  const onError = (error: unknown): void => {
    if (failAgentCall(error)) return;
    log.fatal?.('An error was not caught by anybody: this process shuts down.', error);
    shutDown('uncaught error', 1);
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
}
