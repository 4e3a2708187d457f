import type { Server, ServerCredentials } from '@grpc/grpc-js';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  Optional,
} from '@nestjs/common';
import { SafeLogger } from '../../common/safe-logger.js';
import { DrainService } from '../../execution/drain.service.js';
import { GrpcAddress } from './grpc.address.js';
import { GrpcEndpoint } from './grpc.endpoint.js';
import { GRPC_OPTIONS, type GrpcSettings, hostAndPort } from './grpc.options.js';
import { SERVICES } from './grpc.services.js';
import { HealthService } from './health.service.js';
import { type Grpc, loadGrpc } from './load-grpc.js';
import { definitionOf } from './service.definition.js';
import { credentialsOf } from './tls.js';
import { GrpcBootError } from './grpc-boot.error.js';

/** The gRPC server, if there is to be one: it listens from the application's bootstrap on, and ends with the application. */
@Injectable()
export class GrpcServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new SafeLogger('GrpcServer');
  #server?: Server;
  #health?: HealthService;

  constructor(
    private readonly endpoint: GrpcEndpoint,
    private readonly address: GrpcAddress,
    private readonly drain: DrainService,
    @Optional() @Inject(GRPC_OPTIONS) private readonly settings?: GrpcSettings,
  ) {}

  /** Rejects with GrpcBootError: no package, no such address, a port that is taken, a certificate that cannot be used. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.settings === undefined) return;
    const { host, port, tls } = this.settings;
    const grpc = await loadGrpc();
    const credentials = credentialsOf(grpc, tls, this.#log);
    const server = this.#build(grpc, this.settings);
    const bound = await bindServer(server, hostAndPort(host, port), credentials);
    this.#server = server;
    this.address.listening(bound);
    this.#log.log(`gRPC listens on ${hostAndPort(host, bound)}${tls ? ' with TLS' : ''}`);
  }

  /** The readers have been ended by now, and the runs before them. */
  async beforeApplicationShutdown(): Promise<void> {
    const server = this.#server;
    if (server === undefined || this.settings === undefined) return;
    this.#health?.close();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, this.settings!.shutdownGraceMs, 'late');
    });
    const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    if ((await Promise.race([closed, late])) === 'late') {
      this.#log.log(`Cutting the gRPC calls that are still open after ${this.settings.shutdownGraceMs} ms`);
      server.forceShutdown();
    }
    clearTimeout(timer);
  }

  #build(grpc: Grpc, settings: GrpcSettings): Server {
    const server = new grpc.Server({
      'grpc.max_receive_message_length': settings.maxMessageBytes,
      'grpc.keepalive_time_ms': settings.keepAliveMs,
      'grpc.keepalive_timeout_ms': settings.keepAliveTimeoutMs,
      'grpc.max_concurrent_streams': settings.maxStreamsPerConnection,
      // Statistics for a debugging service that is not offered here.
      'grpc.enable_channelz': 0,
      ...settings.channelOptions,
      interceptors: [this.endpoint.interceptorOf(grpc, SERVICES)],
    });
    for (const service of SERVICES) server.addService(definitionOf(service), this.endpoint.handlersOf(grpc, service));
    const health = new HealthService(
      grpc,
      SERVICES.map(({ name }) => name),
    );
    server.addService(health.definition, health.implementation);
    this.drain.began.addEventListener('abort', () => health.stopServing(), { once: true });
    this.#health = health;
    return server;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'the port is taken. Choose another one (GRPC_PORT, or grpc.port of the options; 0 is any free one), or end what listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'the process may not use that port. Choose one above 1023',
  ENOTFOUND: 'there is no such host',
};

/** Listens on `host:port` and gives the port. Rejects with GrpcBootError. */
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
