import type { ServerCredentials } from '@grpc/grpc-js';
import type { LoggerService } from '@nestjs/common';
import { assertUsableTls, type TlsFiles, type TlsNames, warnOfDates } from '../../security/tls/usable-tls.js';
import { GrpcBootError } from './grpc-boot.error.js';
import type { GrpcTlsOptions } from './grpc.options.js';
import type { Grpc } from './load-grpc.js';

const OPTIONS: TlsNames = { cert: 'grpc.tls.cert', key: 'grpc.tls.key', clientCa: 'grpc.tls.clientCa' };

/** What a server is bound with. */
export interface GrpcCredentials {
  readonly credentials: ServerCredentials;
  /** Takes no renewed certificates any more. */
  readonly end?: () => void;
}

/** Throws GrpcBootError for unusable TLS options. Warns of a certificate that is not valid now. */
export function credentialsOf(
  grpc: Grpc,
  tls: GrpcTlsOptions | undefined,
  log: Pick<LoggerService, 'warn'>,
): GrpcCredentials {
  if (tls === undefined) return { credentials: grpc.ServerCredentials.createInsecure() };
  assertUsable(tls);
  warnOfDates('gRPC', tls.cert, log);
  const { onRenewal, clientCa } = tls;
  if (onRenewal === undefined) return { credentials: secure(grpc, tls) };
  const credentials = renewable(grpc, secure(grpc, tls));
  const end = onRenewal((renewed) => {
    // Whether clients must present a certificate cannot change.
    const next = { ...renewed, clientCa: clientCa && (renewed.clientCa ?? clientCa) };
    assertUsable(next);
    credentials.renew(secure(grpc, next));
  });
  return { credentials, end };
}

function assertUsable(tls: TlsFiles): void {
  assertUsableTls(tls, OPTIONS, (message, options) => {
    throw new GrpcBootError(message, options);
  });
}

function secure(grpc: Grpc, { cert, key, clientCa }: TlsFiles): ServerCredentials {
  const pair = { cert_chain: Buffer.from(cert as string), private_key: Buffer.from(key as string) };
  const ca = clientCa === undefined ? null : Buffer.from(clientCa as string);
  return grpc.ServerCredentials.createSsl(ca, [pair], ca !== null);
}

/** The same credentials, which others may replace for new connections. */
function renewable(grpc: Grpc, first: ServerCredentials): ServerCredentials & { renew(next: ServerCredentials): void } {
  class RenewableCredentials extends grpc.ServerCredentials {
    _equals(other: ServerCredentials): boolean {
      return this === other;
    }

    renew(next: ServerCredentials): void {
      // The package gives the context of a renewed certificate no ciphers, which would allow more of them.
      const ciphers = next._getConstructorOptions()?.ciphers;
      this.updateSecureContextOptions({
        ...next._getSecureContextOptions(),
        ...(ciphers !== undefined && { ciphers }),
      });
    }
  }
  return new RenewableCredentials(first._getConstructorOptions(), first._getSecureContextOptions() ?? undefined);
}
