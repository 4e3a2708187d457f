import type * as grpc from '@grpc/grpc-js';
import { GrpcBootError } from './grpc-boot.error.js';

export type Grpc = typeof grpc;

/** Loads the package, only if a port is configured. Throws GrpcBootError if it is not installed. */
export async function loadGrpc(load: () => Promise<Grpc> = () => import('@grpc/grpc-js')): Promise<Grpc> {
  try {
    return await load();
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new GrpcBootError('gRPC needs a package that is not installed: npm install @grpc/grpc-js', { cause: error });
  }
}
