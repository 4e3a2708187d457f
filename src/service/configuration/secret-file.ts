import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { ConfigurationError } from './configuration.error.js';

const MAX_BYTES = 1024 * 1024;

function assertPrivate(path: string, stat: Stats, wrong: (problem: string) => Error): void {
  const { mode, size } = stat;
  if (!stat.isFile()) throw wrong(`${path} is not a file.`);
  if (size > MAX_BYTES) throw wrong(`${path} is larger than ${MAX_BYTES} bytes.`);
  // Windows has no such mode bits.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const bits = (mode & 0o777).toString(8).padStart(4, '0');
  throw wrong(`${path} contains secrets, and users other than its owner have access (mode ${bits}): chmod 600 ${path}`);
}

/**
 * The text of a file that only its owner can read. `variable` names it. Throws ConfigurationError, which quotes nothing of it.
 * Checks the open file and not its path, which may change meanwhile. A pipe must not block the start.
 */
export function readSecretFile(path: string, variable: string): string {
  const wrong = (problem: string): ConfigurationError => new ConfigurationError([`${variable}: ${problem}`]);
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    assertPrivate(path, fstatSync(file), wrong);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw wrong(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
