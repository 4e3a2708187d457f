import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { LoggerService } from '@nestjs/common';

/** The TLS of a server, in PEM. */
export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** Who issues the certificates of clients. */
  readonly clientCa?: string | Buffer;
}

/** What the settings of a server are called in messages. */
export type TlsNames = Readonly<Record<keyof TlsFiles, string>>;

/** Throws the error that is wanted. */
export type RefuseTls = (message: string, options?: ErrorOptions) => never;

/** Calls `refuse` for an unusable certificate, key or CA. */
export function assertUsableTls({ cert, key, clientCa }: TlsFiles, names: TlsNames, refuse: RefuseTls): void {
  filled(names.cert, cert, refuse);
  filled(names.key, key, refuse);
  usable(names.cert, () => new X509Certificate(cert), refuse);
  usable(names.key, () => createSecureContext({ key }), refuse);
  usable(`${names.key} with ${names.cert}`, () => createSecureContext({ cert, key }), refuse);
  if (clientCa === undefined) return;
  filled(names.clientCa, clientCa, refuse);
  usable(names.clientCa, () => new X509Certificate(clientCa), refuse);
}

function filled(name: string, pem: unknown, refuse: RefuseTls): void {
  if ((typeof pem === 'string' || Buffer.isBuffer(pem)) && pem.length > 0) return;
  refuse(`${name} must be PEM and not empty.`);
}

/** OpenSSL's messages show nothing of a key. */
function usable(what: string, check: () => unknown, refuse: RefuseTls): void {
  try {
    check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    refuse(`${what} cannot be used: ${why}. It must be PEM (-----BEGIN …), and a key must have no passphrase.`, {
      cause: error,
    });
  }
}

/** Warns of a certificate that is not valid now. `server` completes "The certificate of". */
export function warnOfDates(server: string, cert: TlsFiles['cert'], log: Pick<LoggerService, 'warn'>): void {
  const { validFrom, validTo } = new X509Certificate(cert);
  const now = Date.now();
  if (now >= Date.parse(validFrom) && now <= Date.parse(validTo)) return;
  log.warn(
    `The certificate of ${server} is valid from ${validFrom} to ${validTo}, so it is not valid now: clients will reject it.`,
  );
}
