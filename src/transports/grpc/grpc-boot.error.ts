/** The gRPC server cannot start. The message names what is wrong and what to do. */
export class GrpcBootError extends Error {
  override readonly name = 'GrpcBootError';
}
