import { TestApp, type AdapterName, type StorageName, type TestAppOptions } from '../../support/test-app.js';
import type { Binding, CallHeaders, Operation } from './binding.js';
import { ConformanceClient } from './conformance.client.js';
import { jsonRpc03, jsonRpc10 } from './json-rpc.binding.js';

export interface Setup {
  readonly binding: Binding;
  readonly adapter: AdapterName;
  readonly storage: StorageName;
}

export const BINDINGS: readonly Binding[] = [jsonRpc10, jsonRpc03];

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

/** A server under test, and clients of it. */
export class ConformanceServer {
  readonly #clients: ConformanceClient[] = [];

  private constructor(
    readonly app: TestApp,
    private readonly binding: Binding,
  ) {}

  static async start({ binding, adapter, storage }: Setup, options: TestAppOptions): Promise<ConformanceServer> {
    const execution = { cancelTimeoutMs: 100, ...options.execution };
    return new ConformanceServer(await TestApp.start({ adapter, storage, ...options, execution }), binding);
  }

  /** Of the setup's binding, unless told otherwise. */
  client(headers?: CallHeaders, binding = this.binding): ConformanceClient {
    const client = new ConformanceClient(binding, { origin: this.app.origin }, headers);
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.app.close();
  }
}
