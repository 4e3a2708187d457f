import { readFileSync } from 'node:fs';
import { assertUsableTls, type TlsFiles } from '../../security/tls/usable-tls.js';
import { ConfigurationError } from './configuration.error.js';
import { type TlsEnvironment, tlsNames, type TlsPrefix } from './tls.environment.js';

/** Reads the files of a listener. undefined: it has no TLS. Throws ConfigurationError for files that are unusable. */
export function tlsFiles(environment: TlsEnvironment, prefix: TlsPrefix): TlsFiles | undefined {
  const names = tlsNames(prefix);
  const { [names.cert]: cert, [names.key]: key, [names.clientCa]: clientCa } = environment;
  if (cert === undefined || key === undefined) return undefined;
  const files = {
    cert: read(names.cert, cert),
    key: read(names.key, key),
    ...(clientCa !== undefined && { clientCa: read(names.clientCa, clientCa) }),
  };
  assertUsableTls(files, names, (message) => {
    throw new ConfigurationError([message]);
  });
  return files;
}

/** The paths of the files of a listener. */
export const tlsPaths = (environment: TlsEnvironment, prefix: TlsPrefix): readonly string[] =>
  Object.values(tlsNames(prefix)).flatMap((name) => environment[name] ?? []);

function read(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigurationError([`${name} must be a readable file, but ${path} cannot be read (${why}).`]);
  }
}
