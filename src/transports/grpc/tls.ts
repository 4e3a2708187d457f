import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ServerCredentials } from '@grpc/grpc-js';
import type { LoggerService } from '@nestjs/common';
import { GrpcBootError } from './grpc-boot.error.js';
import type { GrpcTlsOptions } from './grpc.options.js';
import type { Grpc } from './load-grpc.js';

const OPTIONS: Readonly<Record<keyof GrpcTlsOptions, string>> = {
  cert: 'grpc.tls.cert',
  key: 'grpc.tls.key',
  clientCa: 'grpc.tls.clientCa',
};

/** Throws GrpcBootError for an unusable certificate, key or CA. `names`: the names of these settings, for the messages. */
export function assertUsableTls({ cert, key, clientCa }: GrpcTlsOptions, names = OPTIONS): void {
  filled(names.cert, cert);
  filled(names.key, key);
  usable(names.cert, () => new X509Certificate(cert));
  usable(names.key, () => createSecureContext({ key }));
  usable(`${names.key} with ${names.cert}`, () => createSecureContext({ cert, key }));
  if (clientCa === undefined) return;
  filled(names.clientCa, clientCa);
  usable(names.clientCa, () => new X509Certificate(clientCa));
}

function filled(name: string, pem: unknown): void {
  if ((typeof pem === 'string' || Buffer.isBuffer(pem)) && pem.length > 0) return;
  throw new GrpcBootError(`${name} must be PEM and not empty.`);
}

/** OpenSSL's messages show nothing of a key. */
function usable(what: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GrpcBootError(
      `${what} cannot be used: ${why}. It must be PEM (-----BEGIN …), and a key must have no passphrase.`,
      {
        cause: error,
      },
    );
  }
}

/** Throws GrpcBootError for unusable TLS options. Warns of a certificate that is not valid now. */
export function credentialsOf(
  grpc: Grpc,
  tls: GrpcTlsOptions | undefined,
  log: Pick<LoggerService, 'warn'>,
): ServerCredentials {
  if (tls === undefined) return grpc.ServerCredentials.createInsecure();
  assertUsableTls(tls);
  warnOfDates(new X509Certificate(tls.cert), log);
  const pair = { cert_chain: Buffer.from(tls.cert as string), private_key: Buffer.from(tls.key as string) };
  const ca = tls.clientCa === undefined ? null : Buffer.from(tls.clientCa as string);
  return grpc.ServerCredentials.createSsl(ca, [pair], ca !== null);
}

function warnOfDates({ validFrom, validTo }: X509Certificate, log: Pick<LoggerService, 'warn'>): void {
  const now = Date.now();
  if (now >= Date.parse(validFrom) && now <= Date.parse(validTo)) return;
  log.warn(
    `The certificate of gRPC is valid from ${validFrom} to ${validTo}, so it is not valid now: clients will reject it.`,
  );
}
