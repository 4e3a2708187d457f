import type { INestApplication, LoggerService } from '@nestjs/common';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { SafeLogger } from '../../common/safe-logger.js';
import type { DrainState } from './drain-state.js';
import { failAgentCall } from '../../execution/runs/stray-errors.js';

type Step = () => unknown;

export interface ShutdownOptions {
  readonly drain: DrainState;
  /** Steps that stop accepting work, in order, before the application closes. */
  readonly first?: readonly Step[];
  /** Steps after the application has closed, in order: the embedded database. */
  readonly last?: readonly Step[];
  /** Time from "not ready" to the first step, in ms, for load balancers to notice. Requests are served as before. Default 0. */
  readonly drainDelayMs?: number;
  /**
   * Connections that are still open this long after the close began, in ms, are closed; their clients resume elsewhere. Default
   * 15,000.
   */
  readonly graceMs?: number;
  /** Limit of the whole shutdown, in ms. Then the process exits with 1. Default 60,000. */
  readonly limitMs?: number;
  readonly signals?: readonly NodeJS.Signals[];
  readonly log?: Pick<LoggerService, 'log' | 'error'>;
  /** Ends the process; for tests. */
  readonly exit?: (code: number) => void;
}

/**
 * Shuts down in order at SIGTERM or SIGINT: not ready, `first`, `app.close()` (Nest's hooks run in it, dependents before
 * what they depend on), `last`, exit. A failing step is logged and does not keep the others from running; the exit code
 * is 1 then, else 0. Further signals change nothing (npm passes a
 * Ctrl-C on that the process has had from the terminal): the shutdown is bounded. In place of `app.enableShutdownHooks()`,
 * after whose last hook nothing can run.
 *
 * Returns what begins the same shutdown for another reason, with at least this exit code.
 */
export function shutDownOnSignals(
  app: INestApplication,
  options: ShutdownOptions,
): (why: string, leastCode: number) => void {
  const { limitMs = 60_000, exit = (code) => process.exit(code), log = new SafeLogger('Shutdown') } = options;
  let begun = false;
  const begin = (why: string, leastCode: number): void => {
    if (begun) return;
    begun = true;
    const limit = setTimeout(() => {
      log.error(`The shutdown took longer than ${limitMs} ms. Exiting anyway`);
      exit(1);
    }, limitMs);
    void shutDown(app, why, options).then((code) => {
      clearTimeout(limit);
      exit(Math.max(code, leastCode));
    });
  };
  for (const signal of options.signals ?? (['SIGTERM', 'SIGINT'] as const)) process.on(signal, () => begin(signal, 0));
  return begin;
}

/** The shutdown itself; resolves with the exit code. */
export async function shutDown(app: INestApplication, signal: string, options: ShutdownOptions): Promise<number> {
  const { drain, first = [], last = [], drainDelayMs = 0, graceMs = 15_000 } = options;
  const log = options.log ?? new SafeLogger('Shutdown');
  let code = 0;
  const attempt = async (step: Step): Promise<void> => {
    try {
      await step();
    } catch (error) {
      code = 1;
      log.error(error);
    }
  };
  log.log(`${signal}: shutting down`);
  drain.begin();
  closeAfterAnswers(app);
  await sleep(drainDelayMs);
  for (const step of first) await attempt(step);
  await attempt(() => closeWithin(app, signal, graceMs, log));
  for (const step of last) await attempt(step);
  log.log('Shut down');
  return code;
}

/** From now on each response has `Connection: close`, so that clients send their next request elsewhere. */
function closeAfterAnswers(app: INestApplication): void {
  const server = app.getHttpServer() as Partial<Server>;
  server.prependListener?.('request', (_request: IncomingMessage, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
}

/** Closes an application; what is still open after `graceMs` is cut. */
export async function closeWithin(
  app: INestApplication,
  signal: string,
  graceMs: number,
  log: Pick<LoggerService, 'log'>,
): Promise<void> {
  const cut = setTimeout(() => {
    log.log(`Closing the connections that are still open after ${graceMs} ms`);
    (app.getHttpServer() as { closeAllConnections?: () => void }).closeAllConnections?.();
  }, graceMs);
  try {
    // The type lacks the signal, which the hooks receive.
    await (app as { close(signal?: string): Promise<void> }).close(signal);
  } finally {
    clearTimeout(cut);
  }
}

/**
 * Handles uncaught errors of the process. An error from the call of an agent fails its task. Any other is logged, and `shutDown`
 * is called, because the state of the process is unknown after it.
 */
export function surviveStrayErrors(
  shutDown: (why: string, leastCode: number) => void,
  log: Pick<LoggerService, 'fatal'> = new SafeLogger('Process'),
): void {
  const onError = (error: unknown): void => {
    if (failAgentCall(error)) return;
    log.fatal?.('An error was not caught. This process is shutting down.', error);
    shutDown('uncaught error', 1);
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
}
