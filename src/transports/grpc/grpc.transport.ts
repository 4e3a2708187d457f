import { CallIntake } from './call.intake.js';
import { GrpcDispatcher } from './grpc.dispatcher.js';
import { GrpcEndpoint } from './grpc.endpoint.js';
import { type GrpcOptions, grpcSettings } from './grpc.options.js';
import { GrpcServer } from './grpc.server.js';
import type { GrpcPorts, GrpcTransport } from './grpc-transport.interface.js';

/**
 * Serves gRPC, on a port of its own: `A2aModule.forRoot({ grpc: grpc({ port, authenticate }) })`. Takes the optional package
 * @grpc/grpc-js. Throws GrpcBootError naming the option that makes no sense.
 */
export function grpc(options: GrpcOptions): GrpcTransport {
  const settings = grpcSettings(options);
  const start = async ({ agents, runner, limits, drain, address, http }: GrpcPorts): Promise<GrpcServer> => {
    const intake = new CallIntake(limits, agents, settings);
    const endpoint = new GrpcEndpoint(new GrpcDispatcher(agents, runner, http), drain, intake, agents);
    return GrpcServer.start(endpoint, { address, drain, settings });
  };
  return { settings, start };
}
