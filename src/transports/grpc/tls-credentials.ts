import type { ServerCredentials } from '@grpc/grpc-js';
import type { LoggerService } from '@nestjs/common';
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { GrpcBootError } from './grpc-boot.error.js';
import type { GrpcTlsOptions } from './grpc.options.js';
import type { Grpc } from './load-grpc.js';

/** Throws GrpcBootError for a certificate, key or authority that cannot be used; warns of a certificate that is not valid now. */
export function credentialsOf(
  grpc: Grpc,
  tls: GrpcTlsOptions | undefined,
  log: Pick<LoggerService, 'warn'>,
): ServerCredentials {
  if (tls === undefined) return grpc.ServerCredentials.createInsecure();
  const cert = pem('cert', tls.cert);
  const key = pem('key', tls.key);
  const ca = tls.clientCa === undefined ? null : pem('clientCa', tls.clientCa);
  usable('grpc.tls.cert', () => createSecureContext({ cert }));
  usable('grpc.tls.key', () => createSecureContext({ key }));
  usable('grpc.tls.cert and grpc.tls.key', () => createSecureContext({ cert, key }));
  if (ca !== null) usable('grpc.tls.clientCa', () => new X509Certificate(ca));
  warnOfDates(new X509Certificate(cert), log);
  return grpc.ServerCredentials.createSsl(ca, [{ cert_chain: cert, private_key: key }], ca !== null);
}

function pem(name: string, text: unknown): Buffer {
  if ((typeof text === 'string' || Buffer.isBuffer(text)) && text.length > 0) return Buffer.from(text as string);
  throw new GrpcBootError(`grpc.tls.${name} must be PEM text, or the bytes of it, and not empty.`);
}

/** OpenSSL's reasons name neither files nor keys. */
function usable(what: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GrpcBootError(`${what} cannot be used: ${why}. Give PEM: '-----BEGIN …'; a key must not be encrypted.`, {
      cause: error,
    });
  }
}

function warnOfDates({ validFrom, validTo }: X509Certificate, log: Pick<LoggerService, 'warn'>): void {
  const now = Date.now();
  if (now >= Date.parse(validFrom) && now <= Date.parse(validTo)) return;
  log.warn(
    `The certificate of grpc.tls.cert is valid from ${validFrom} to ${validTo}, not now: clients will refuse it.`,
  );
}
