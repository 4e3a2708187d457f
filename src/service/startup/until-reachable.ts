import type { LoggerService } from '@nestjs/common';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NeededServer } from './server-address.js';

/** Between two tries. */
const PAUSE_MS = 2_500;
/** A host that drops packets does not answer at all. */
const ANSWER_MS = 2_500;

/** How long the service waits for its database at the start: somebody at a terminal wants to know; in a container both start together. */
export const DEFAULT_STORAGE_WAIT_MS = { terminal: 5_000, elsewhere: 60_000 } as const;

/** Nothing answers at the address of a server that the service needs. */
export class UnreachableServerError extends Error {
  override readonly name = 'UnreachableServerError';

  constructor({ variable, host, port }: NeededServer, why: string, tries: number) {
    super(
      `Nothing answers at ${host}:${port}, which ${variable} names (${why}, ${tries} ${tries === 1 ? 'try' : 'tries'}). Start the server, or ` +
        `correct ${variable}. Set A2A_STORAGE_WAIT_MS to wait longer` +
        (variable === 'DATABASE_URL' ? '; without DATABASE_URL, the service starts a Postgres of its own.' : '.'),
    );
  }
}

/** Resolves when a server accepts connections. @throws UnreachableServerError after `waitMs` */
export async function untilReachable(
  server: NeededServer,
  waitMs: number,
  log: Pick<LoggerService, 'warn'>,
): Promise<void> {
  const end = Date.now() + waitMs;
  for (let tries = 1; ; tries++) {
    const why = await knock(server);
    if (why === undefined) return;
    const left = end - Date.now();
    if (left <= 0) throw new UnreachableServerError(server, why, tries);
    if (tries === 1) {
      log.warn(`Nothing answers at ${server.host}:${server.port} (${why}). Trying for ${Math.ceil(left / 1000)} s.`);
    }
    await sleep(Math.min(PAUSE_MS, left));
  }
}

/** Undefined: it accepts connections. */
function knock({ host, port }: NeededServer): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_MS });
    const end = (why?: string): void => {
      socket.destroy();
      resolve(why);
    };
    socket
      .once('connect', () => end())
      .once('timeout', () => end('ETIMEDOUT'))
      .on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
