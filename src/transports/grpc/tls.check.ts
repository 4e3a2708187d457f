import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { GrpcBootError } from './grpc-boot.error.js';
import type { GrpcTlsOptions } from './grpc.options.js';

const OPTIONS: Readonly<Record<keyof GrpcTlsOptions, string>> = {
  cert: 'grpc.tls.cert',
  key: 'grpc.tls.key',
  clientCa: 'grpc.tls.clientCa',
};

/** Throws GrpcBootError for a certificate, key or authority that cannot be used; `names` are what whoever set them calls them. */
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
  throw new GrpcBootError(`${name} must be PEM, and not empty.`);
}

/** The reasons of OpenSSL show nothing of a key. */
function usable(what: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GrpcBootError(
      `${what} cannot be used: ${why}. It must be PEM (-----BEGIN …), a key without a passphrase.`,
      {
        cause: error,
      },
    );
  }
}
