import type { ServerCredentials } from '@grpc/grpc-js';
import type { LoggerService } from '@nestjs/common';
import { X509Certificate } from 'node:crypto';
import type { GrpcTlsOptions } from './grpc.options.js';
import type { Grpc } from './load-grpc.js';
import { assertUsableTls } from './tls.check.js';

/** Throws GrpcBootError for TLS options that cannot be used; warns of a certificate that is not valid now. */
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
  log.warn(`The certificate of gRPC is valid from ${validFrom} to ${validTo}, not now: clients will refuse it.`);
}
