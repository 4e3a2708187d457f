import type { Server, ServerCredentials } from '@grpc/grpc-js';
import { GrpcBootError } from './grpc-boot.error.js';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'the port is taken. Choose another one (GRPC_PORT, or grpc.port of the options; 0 is any free one), or end what listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'the process may not use that port. Choose one above 1023',
  ENOTFOUND: 'there is no such host',
};

/** Listens on `host:port` and gives the port. Rejects with GrpcBootError. */
export async function bindServer(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  try {
    return await new Promise<number>((resolve, reject) => {
      server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
    });
  } catch (error) {
    server.forceShutdown();
    const text = error instanceof Error ? error.message : String(error);
    const code = Object.keys(REASONS).find((each) => text.includes(each));
    const reason = code === undefined ? text : `${REASONS[code]} (${code})`;
    throw new GrpcBootError(`gRPC cannot listen on ${address}: ${reason}.`, { cause: error });
  }
}
