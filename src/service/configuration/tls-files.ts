import { readFileSync } from 'node:fs';
import type { SafeLogger } from '../../common/safe-logger.js';
import { FollowedTls } from '../../security/tls/followed-tls.js';
import { assertUsableTls } from '../../security/tls/usable-tls.js';
import { ConfigurationError } from './configuration.error.js';
import { type TlsEnvironment, tlsNames, type TlsPrefix } from './tls.environment.js';

/**
 * The files of a listener, which messages call `server`. undefined: it has no TLS. Throws ConfigurationError for files that are unusable.
 */
export function followedTls(
  environment: TlsEnvironment,
  prefix: TlsPrefix,
  server: string,
  log: SafeLogger,
): FollowedTls | undefined {
  const names = tlsNames(prefix);
  const { [names.cert]: cert, [names.key]: key, [names.clientCa]: clientCa } = environment;
  if (cert === undefined || key === undefined) return undefined;
  const source = {
    server,
    paths: [cert, key, ...(clientCa === undefined ? [] : [clientCa])],
    read: () => {
      const files = {
        cert: read(names.cert, cert),
        key: read(names.key, key),
        ...(clientCa !== undefined && { clientCa: read(names.clientCa, clientCa) }),
      };
      assertUsableTls(files, names, (message) => {
        throw new ConfigurationError([message]);
      });
      return files;
    },
  };
  return new FollowedTls(source, log);
}

function read(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigurationError([`${name} must be a readable file, but ${path} cannot be read (${why}).`]);
  }
}
