import { type INestApplication, Module, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { A2aModule } from '../../src/a2a.module.js';
import type { A2aModuleExtras, A2aModuleOptions } from '../../src/a2a.options.js';
import { RecoveryService } from '../../src/execution/recovery/recovery.service.js';
import type { A2aStorage } from '../../src/storage/a2a-storage.interface.js';
import { memoryStorage } from '../../src/storage/memory.storage.js';
import { postgresStorage } from '../../src/storage/postgres.storage.js';
import type { GrpcOptions } from '../../src/transports/grpc/grpc.options.js';
import { grpc } from '../../src/transports/grpc/grpc.transport.js';
import { RpcClient } from './rpc.client.js';
import { type TestDatabase, createTestDatabase } from './test-database.js';

export type AdapterName = 'express' | 'fastify';
export type StorageName = 'memory' | 'postgres';

export const ADAPTERS: readonly AdapterName[] = ['express', 'fastify'];
export const STORAGES: readonly StorageName[] = ['memory', 'postgres'];

export interface TestAppOptions extends Omit<A2aModuleOptions, 'storage' | 'grpc'>, A2aModuleExtras {
  agents: Provider[];
  grpc?: GrpcOptions;
  imports?: NonNullable<ModuleMetadata['imports']>;
  adapter?: AdapterName;
  storage?: StorageName;
  /** Another storage, instead of `storage` and `databaseUrl`. */
  on?: A2aStorage;
  /** An existing database, which is left in place; `storage` is Postgres then. Two applications on one are two servers. */
  databaseUrl?: string;
  /** Routes of the application's own. */
  controllers?: Type[];
  globalPrefix?: string;
  /** TLS of the HTTP server. */
  https?: { cert: Buffer; key: Buffer; ca?: Buffer; requestCert?: boolean; rejectUnauthorized?: boolean };
  /** Default '127.0.0.1'. */
  host?: string;
}

/** An application in this process, listening on a free port, with a database of its own when its storage is Postgres. */
export class TestApp {
  private constructor(
    readonly app: INestApplication,
    readonly origin: string,
    private readonly database?: TestDatabase,
  ) {}

  static async start({
    agents,
    adapter = 'express',
    storage = 'memory',
    path = '',
    databaseUrl,
    on,
    controllers = [],
    imports = [],
    globalPrefix,
    https,
    host = '127.0.0.1',
    grpc: grpcOptions,
    ...options
  }: TestAppOptions): Promise<TestApp> {
    const database = storage === 'postgres' && !databaseUrl ? await createTestDatabase() : undefined;
    const url = databaseUrl ?? database?.url;
    @Module({
      imports: [
        A2aModule.forRoot({
          path,
          // Most tests have one caller. Its warning is a test of its own.
          principal: { anonymous: 'allow' },
          ...options,
          storage: on ?? (url ? postgresStorage({ url }) : memoryStorage()),
          grpc: grpcOptions && grpc(grpcOptions),
        }),
        ...imports,
      ],
      providers: agents,
      controllers,
    })
    class TestModule {}
    const httpAdapter: AbstractHttpAdapter = adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
    const app = await NestFactory.create(TestModule, httpAdapter, {
      ...(https && { httpsOptions: https }),
      logger: ['error', 'warn'],
      abortOnError: false,
    });
    if (globalPrefix !== undefined) app.setGlobalPrefix(globalPrefix);
    try {
      await app.listen(0, host);
    } catch (error) {
      // What was opened before must not outlive the test.
      await app.close().catch(() => undefined);
      await database?.drop();
      throw error;
    }
    const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
    return new TestApp(app, `${https ? 'https' : 'http'}://127.0.0.1:${port}`, database);
  }

  /** A v1.0 client of an agent; without an id of the default one. */
  rpc(agent?: string, headers?: Record<string, string>): RpcClient {
    return new RpcClient(agent ? `${this.origin}/agents/${agent}` : `${this.origin}/`, headers);
  }

  /**
   * From here on nothing is recovered here. The recovery looks a second after the start for the first time, and takes what
   * nobody runs at that moment.
   */
  stopRecovery(): Promise<void> {
    return this.app.get(RecoveryService, { strict: false }).onModuleDestroy();
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database?.drop();
  }
}
