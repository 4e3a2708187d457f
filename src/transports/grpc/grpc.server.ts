import type { Server, ServerCredentials } from '@grpc/grpc-js';
import { SafeLogger } from '../../common/safe-logger.js';
import type { LogScopes } from '../../common/logging/log-scopes.js';
import type { DrainService } from '../../execution/drain.service.js';
import type { GrpcAddress } from './grpc.address.js';
import type { GrpcEndpoint } from './grpc.endpoint.js';
import { type GrpcSettings, hostAndPort } from './grpc.options.js';
import { SERVICES } from './grpc.services.js';
import type { RunningGrpc } from './grpc-transport.interface.js';
import { HealthService } from './health.service.js';
import { type Grpc, loadGrpc } from './load-grpc.js';
import { requestScopeInterceptor } from './request-scope.interceptor.js';
import { definitionOf } from './service.definition.js';
import { credentialsOf } from './tls.js';
import { GrpcBootError } from './grpc-boot.error.js';

const LOG = new SafeLogger('GrpcServer');

export interface GrpcServerSetup {
  readonly address: GrpcAddress;
  readonly drain: DrainService;
  readonly scopes: LogScopes;
  readonly settings: GrpcSettings;
}

/** A server that listens. */
export class GrpcServer implements RunningGrpc {
  private constructor(
    private readonly server: Server,
    private readonly health: HealthService,
    private readonly graceMs: number,
    private readonly endRenewal?: () => void,
  ) {}

  /** Rejects with GrpcBootError: the package is missing, no such address, the port is in use, a certificate is unusable. */
  static async start(
    endpoint: GrpcEndpoint,
    { address, drain, scopes, settings }: GrpcServerSetup,
  ): Promise<GrpcServer> {
    const { host, port, tls } = settings;
    const grpc = await loadGrpc();
    const { credentials, end } = credentialsOf(grpc, tls, LOG);
    const server = serverOf(grpc, endpoint, scopes, settings);
    const health = new HealthService(
      grpc,
      SERVICES.map(({ name }) => name),
    );
    server.addService(health.definition, health.implementation);
    drain.began.addEventListener('abort', () => health.stopServing(), { once: true });
    const bound = await bindServer(server, hostAndPort(host, port), credentials);
    address.listening(bound);
    LOG.log(`gRPC listens on ${hostAndPort(host, bound)}${tls ? ' with TLS' : ''}`);
    return new GrpcServer(server, health, settings.shutdownGraceMs, end);
  }

  async close(): Promise<void> {
    this.endRenewal?.();
    this.health.close();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, this.graceMs, 'late');
    });
    const closed = new Promise<void>((resolve) => this.server.tryShutdown(() => resolve()));
    if ((await Promise.race([closed, late])) === 'late') {
      LOG.log(`Aborting the gRPC calls that are still open after ${this.graceMs} ms`);
      this.server.forceShutdown();
    }
    clearTimeout(timer);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'the port is in use. Choose another one (GRPC_PORT, or grpc.port of the options; 0 is any free one), or stop the process that uses it',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'the process may not use that port. Choose one above 1023',
  ENOTFOUND: 'there is no such host',
};

/** Listens on `host:port` and returns the port. Rejects with GrpcBootError. */
async function bindServer(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
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

function serverOf(grpc: Grpc, endpoint: GrpcEndpoint, scopes: LogScopes, settings: GrpcSettings): Server {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': settings.maxMessageBytes,
    'grpc.keepalive_time_ms': settings.keepAliveMs,
    'grpc.keepalive_timeout_ms': settings.keepAliveTimeoutMs,
    'grpc.max_concurrent_streams': settings.maxStreamsPerConnection,
    // Statistics of a debugging service that is not offered.
    'grpc.enable_channelz': 0,
    ...settings.channelOptions,
    // The first one is the nearest to the connection.
    interceptors: [
      ...(scopes.on ? [requestScopeInterceptor(grpc, scopes)] : []),
      endpoint.interceptorOf(grpc, SERVICES),
    ],
  });
  for (const service of SERVICES) server.addService(definitionOf(service), endpoint.handlersOf(grpc, service));
  return server;
}
