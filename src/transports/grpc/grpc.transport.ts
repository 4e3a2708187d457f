import { CallIntake } from './call.intake.js';
import { GrpcDispatcher } from './grpc.dispatcher.js';
import { GrpcEndpoint } from './grpc.endpoint.js';
import { assertIdentified, type GrpcOptions, grpcSettings } from './grpc.options.js';
import { GrpcServer } from './grpc.server.js';
import type { GrpcPorts, GrpcTransport } from './grpc-transport.interface.js';

/**
 * Serves gRPC, on a port of its own: `A2aModule.forRoot({ grpc: grpc({ port, authenticate }) })`. Takes the optional package
 * @grpc/grpc-js. Throws GrpcBootError naming the option that makes no sense.
 */
export function grpc(options: GrpcOptions): GrpcTransport {
  const settings = grpcSettings(options);
  const start = async (ports: GrpcPorts): Promise<GrpcServer> => {
    const { agents, runner, observer, limits, drain, scopes, address, authentication, http } = ports;
    assertIdentified(settings, authentication !== undefined);
    const intake = new CallIntake({ limits, agents, settings, observer, authentication });
    const endpoint = new GrpcEndpoint(new GrpcDispatcher(agents, runner, http), drain, intake, agents);
    return GrpcServer.start(endpoint, { address, drain, scopes, settings });
  };
  return { settings, start };
}
