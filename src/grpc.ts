// The entry point nest-a2a/grpc. The driver is loaded when the server starts.
export { GrpcBootError } from './transports/grpc/grpc-boot.error.js';
export type { GrpcAuthenticator, GrpcCall, GrpcOptions, GrpcTlsOptions } from './transports/grpc/grpc.options.js';
export { grpc } from './transports/grpc/grpc.transport.js';
