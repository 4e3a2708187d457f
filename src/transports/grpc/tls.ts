import type { ServerCredentials } from '@grpc/grpc-js';
import type { LoggerService } from '@nestjs/common';
import { assertUsableTls, type TlsNames, warnOfDates } from '../../security/tls/usable-tls.js';
import { GrpcBootError } from './grpc-boot.error.js';
import type { GrpcTlsOptions } from './grpc.options.js';
import type { Grpc } from './load-grpc.js';

const OPTIONS: TlsNames = { cert: 'grpc.tls.cert', key: 'grpc.tls.key', clientCa: 'grpc.tls.clientCa' };

/** Throws GrpcBootError for unusable TLS options. Warns of a certificate that is not valid now. */
export function credentialsOf(
  grpc: Grpc,
  tls: GrpcTlsOptions | undefined,
  log: Pick<LoggerService, 'warn'>,
): ServerCredentials {
  if (tls === undefined) return grpc.ServerCredentials.createInsecure();
  assertUsableTls(tls, OPTIONS, (message, options) => {
    throw new GrpcBootError(message, options);
  });
  warnOfDates('gRPC', tls.cert, log);
  const pair = { cert_chain: Buffer.from(tls.cert as string), private_key: Buffer.from(tls.key as string) };
  const ca = tls.clientCa === undefined ? null : Buffer.from(tls.clientCa as string);
  return grpc.ServerCredentials.createSsl(ca, [pair], ca !== null);
}
