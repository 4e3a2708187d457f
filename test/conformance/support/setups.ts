import { TestApp, type AdapterName, type StorageName, type TestAppOptions } from '../../support/test-app.js';
import { GrpcAddress } from '../../../src/transports/grpc/grpc.address.js';
import type { GrpcOptions } from '../../../src/transports/grpc/grpc.options.js';
import type { Binding, CallHeaders, Operation, Target } from './binding.js';
import { ConformanceClient } from './conformance.client.js';
import { grpc03, grpc10 } from './grpc.binding.js';
import { jsonRpc03, jsonRpc10 } from './json-rpc.binding.js';
import { rest03, rest10 } from './rest.binding.js';

export interface Setup {
  readonly binding: Binding;
  readonly adapter: AdapterName;
  readonly storage: StorageName;
}

export const BINDINGS: readonly Binding[] = [jsonRpc10, jsonRpc03, rest10, rest03, grpc10, grpc03];

/** Every binding, and those of v1.0 on the other adapter and storage too. */
export const SETUPS: readonly Setup[] = BINDINGS.flatMap((binding): Setup[] => [
  { binding, adapter: 'express', storage: 'memory' },
  ...(binding.version === '1.0' ? [{ binding, adapter: 'fastify', storage: 'postgres' } as const] : []),
]);

export const nameOf = ({ binding, adapter, storage }: Setup): string => `${binding.name} (${adapter}, ${storage})`;

/** For `describe.each`: each setup whose binding has these operations, with its name. */
export const setupsWith = (...operations: Operation[]): [string, Setup][] =>
  SETUPS.filter(({ binding }) => operations.every((name) => !binding.without.includes(name))).map((setup) => [
    nameOf(setup),
    setup,
  ]);

export const ALL_SETUPS = setupsWith();

export interface ServerOptions extends Omit<TestAppOptions, 'grpc'> {
  /** Who calls over gRPC, where guards do not run. Default: everybody, as one. */
  authenticate?: GrpcOptions['authenticate'];
}

/** A server under test, and clients of it. */
export class ConformanceServer {
  readonly #clients: ConformanceClient[] = [];

  private constructor(
    readonly app: TestApp,
    private readonly binding: Binding,
    private readonly target: Target,
  ) {}

  static async start({ binding, adapter, storage }: Setup, options: ServerOptions): Promise<ConformanceServer> {
    const { authenticate = 'anonymous', execution, ...rest } = options;
    const app = await TestApp.start({
      adapter,
      storage,
      ...rest,
      grpc: { port: 0, authenticate },
      execution: { cancelTimeoutMs: 100, ...execution },
    });
    const [grpc] = app.app.get(GrpcAddress, { strict: false }).of({ options: { default: true } });
    return new ConformanceServer(app, binding, { origin: app.origin, grpc: grpc?.url });
  }

  /** Of the setup's binding, unless told otherwise. */
  client(headers?: CallHeaders, binding = this.binding): ConformanceClient {
    const client = new ConformanceClient(binding, this.target, headers);
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.app.close();
  }
}
