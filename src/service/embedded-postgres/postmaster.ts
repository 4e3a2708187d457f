import { spawn } from 'node:child_process';
import { closeSync, fchownSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseRefusedError, EmbeddedPostgresError, errorText } from './embedded-postgres.error.js';
import { toolPath } from './platform-binaries.js';
import type { PostgresLocation } from './postgres-location.js';
import { processStart } from './process-identity.js';
import { spawnOptions } from './run-tool.js';

const LOOPBACK = '127.0.0.1';
const LOG_LIMIT = 1024 * 1024;
const WATCH_MS = 500;
const POLL_MS = 50;

/** A server process, started by us or found running. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Resolves when the process has ended, with its last output. */
  readonly exited: Promise<string>;
}

const DEFAULT_SETTINGS = {
  listen_addresses: LOOPBACK,
  // No socket file that other users of the machine could use.
  unix_socket_directories: '',
  // Errors of statements go to the client. The log is for the server's own errors and stays small.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/**
 * Starts the server in its own session, so that a Ctrl-C in the terminal reaches it only through our shutdown. It outlives this
 * process if that is killed, and the next start finds it.
 */
export function spawnPostmaster(
  location: PostgresLocation,
  port: number,
  settings: Readonly<Record<string, string>>,
): Postmaster {
  const args = ['-D', location.cluster, '-p', String(port)];
  for (const [name, value] of Object.entries({ ...DEFAULT_SETTINGS, ...settings })) args.push('-c', `${name}=${value}`);
  rotateLog(location.logFile);
  const log = openSync(location.logFile, 'a', 0o600);
  try {
    if (location.user) fchownSync(log, location.user.uid, location.user.gid);
    const options = { ...spawnOptions(location), detached: true };
    const child = spawn(toolPath(location.binaries, 'postgres'), args, { ...options, stdio: ['ignore', log, log] });
    child.unref();
    const exited = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('exit', (code, signal) =>
        resolve(`${signal ?? `exit code ${code}`}; the end of ${location.logFile}:\n${logTail(location)}`),
      );
    });
    return { pid: child.pid ?? -1, port, exited };
  } finally {
    closeSync(log);
  }
}

/** A server that is not our child can only be polled. */
export function watchPostmaster(pid: number, port: number): Postmaster {
  const start = processStart(pid);
  const exited = new Promise<string>((resolve) => {
    const timer = setInterval(() => {
      const now = processStart(pid);
      if (now !== undefined && now === start) return;
      clearInterval(timer);
      resolve('it was not started by this process');
    }, WATCH_MS).unref();
  });
  return { pid, port, exited };
}

/** A port that is free now. Another process may bind it first, and the caller must handle that. */
export async function freePort(): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, LOOPBACK, resolve));
    return (server.address() as AddressInfo).port;
  } catch (error) {
    throw new EmbeddedPostgresError(`No free port on ${LOOPBACK} for the database: ${errorText(error)}`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Resolves when `probe` does. Throws if the server ends first, or after `limitMs`. */
export async function untilReady(postmaster: Postmaster, probe: () => Promise<void>, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  let ended: string | undefined;
  void postmaster.exited.then((reason) => (ended = reason));
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (error instanceof DatabaseRefusedError) throw error;
      await sleep(POLL_MS);
      if (ended !== undefined) throw new EmbeddedPostgresError(`Postgres did not start (${ended})`);
      if (Date.now() > deadline) {
        throw new EmbeddedPostgresError(
          `Postgres (pid ${postmaster.pid}) does not respond after ${limitMs} ms: ${errorText(error)}`,
        );
      }
    }
  }
}

function rotateLog(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT) renameSync(file, `${file}.1`);
}

function logTail(location: PostgresLocation): string {
  try {
    return readFileSync(location.logFile, 'utf8').slice(-2_000).trim();
  } catch {
    return '(unreadable)';
  }
}
