import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import {
  A2A_OPTIONS,
  type A2aModuleExtras,
  type A2aModuleOptions,
  busOf,
  checkStorageType,
  type StorageType,
  storageOf,
} from './a2a.options.js';
import { AgentsModule } from './agents/agents.module.js';
import { CARDS_OPTIONS, cardsOptions } from './agents/cards/cards.options.js';
import { CardsModule } from './agents/cards/cards.module.js';
import { ByteBudget } from './common/byte-budget.js';
import { ClientLimits } from './common/client-limits.js';
import { LIMITS_OPTIONS, type LimitsOptions, limitsOptions } from './common/limits.options.js';
import { BUS_OPTIONS, type CheckedBusOptions } from './events/bus/bus.options.js';
import { openBus } from './events/bus/open-bus.js';
import { EVENT_BUS, type EventBus } from './events/event-bus.interface.js';
import { EventsModule } from './events/events.module.js';
import { ExecutionModule } from './execution/execution.module.js';
import { EXECUTION_OPTIONS, type ExecutionOptions, executionOptions } from './execution/execution.options.js';
import { PushNotificationsModule } from './push-notifications/push-notifications.module.js';
import { PUSH_OPTIONS, pushNotificationsOptions } from './push-notifications/push-notifications.options.js';
import { RequestHandlerModule } from './request-handler/request-handler.module.js';
import { TENANTS_OPTIONS, tenantsOptions } from './security/tenants.options.js';
import { openMemoryStores } from './tasks/memory/open-stores.js';
import { RETENTION_OPTIONS, retentionOptions } from './tasks/retention/retention.options.js';
import { openRedisStores } from './tasks/redis/open-stores.js';
import { mysqlDataSource } from './tasks/sql/mysql-data-source.js';
import { prepareDataSource } from './tasks/sql/prepare-data-source.js';
import { createSqlStores } from './tasks/sql/sql-stores.js';
import { sqliteDataSource } from './tasks/sql/sqlite-data-source.js';
import { STORES, TasksModule } from './tasks/tasks.module.js';
import { a2aDataSourceOptions } from './tasks/typeorm/data-source-options.js';
import { Database } from './tasks/typeorm/database.js';
import { runMigrations } from './tasks/typeorm/run-migrations.js';
import { createTypeOrmStores } from './tasks/typeorm/typeorm-stores.js';
import { AddressesModule } from './transports/http/addresses.module.js';
import { GrpcModule } from './transports/grpc/grpc.module.js';
import { GRPC_OPTIONS, grpcSettings } from './transports/grpc/grpc.options.js';
import {
  HTTP_TRANSPORT_OPTIONS,
  httpBindings,
  httpTransportOptions,
} from './transports/http/http-transport.options.js';
import { ListeningPublicUrl, PUBLIC_URL } from './transports/http/public-url.js';
import { TransportsModule } from './transports/transports.module.js';

/** Name of the TypeORM connection that A2A's tables live on. */
export const A2A_CONNECTION = 'a2a';

export interface A2aModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'>, A2aModuleExtras {
  /** Which storage the factory's options describe: it decides what is wired. Default 'memory'. */
  storage?: StorageType;
  useFactory: (...args: never[]) => A2aModuleOptions | Promise<A2aModuleOptions>;
  inject?: FactoryProvider['inject'];
}

/** Gives the application's `@A2aAgent` providers the protocol. Wiring only: the one place that knows concrete classes. */
@Module({})
export class A2aModule {
  static forRoot(options: A2aModuleOptions & A2aModuleExtras = {}): DynamicModule {
    const { path, bindings, ...rest } = options;
    return A2aModule.forRootAsync({ path, bindings, storage: rest.storage?.type, useFactory: () => rest });
  }

  static forRootAsync({
    path = '/a2a',
    bindings: switched,
    storage = 'memory',
    imports = [],
    useFactory,
    inject = [],
  }: A2aModuleAsyncOptions): DynamicModule {
    checkStorageType(storage);
    const bindings = httpBindings(switched);
    const options: DynamicModule = {
      module: A2aOptionsModule,
      imports,
      providers: [
        { provide: A2A_OPTIONS, inject, useFactory } as FactoryProvider,
        {
          provide: EXECUTION_OPTIONS,
          inject: [A2A_OPTIONS],
          useFactory: ({ execution }: A2aModuleOptions) => executionOptions(execution),
        },
        {
          provide: LIMITS_OPTIONS,
          inject: [A2A_OPTIONS],
          useFactory: ({ limits }: A2aModuleOptions) => limitsOptions(limits),
        },
        {
          provide: ByteBudget,
          inject: [LIMITS_OPTIONS],
          useFactory: ({ maxBufferedBytes: maxBytes, maxBufferedBytesPerCaller: maxBytesPerOwner }: LimitsOptions) =>
            new ByteBudget({ maxBytes, maxBytesPerOwner }),
        },
        {
          provide: ClientLimits,
          inject: [ByteBudget, LIMITS_OPTIONS],
          useFactory: (budget: ByteBudget, limits: LimitsOptions) => new ClientLimits(budget, limits),
        },
        {
          provide: RETENTION_OPTIONS,
          inject: [A2A_OPTIONS],
          useFactory: ({ retention }: A2aModuleOptions) => retentionOptions(retention),
        },
        {
          provide: TENANTS_OPTIONS,
          inject: [A2A_OPTIONS],
          useFactory: ({ tenants }: A2aModuleOptions) => tenantsOptions(tenants),
        },
      ],
      exports: [
        A2A_OPTIONS,
        ByteBudget,
        ClientLimits,
        EXECUTION_OPTIONS,
        LIMITS_OPTIONS,
        RETENTION_OPTIONS,
        TENANTS_OPTIONS,
      ],
    };
    const tasks = STORAGES[storage](options);
    const events = EventsModule.register({
      imports: [options, tasks],
      options: {
        provide: BUS_OPTIONS,
        inject: [A2A_OPTIONS],
        useFactory: (given: A2aModuleOptions) => busOf(given, storage),
      },
      bus: storage === 'postgres' ? busOnPostgres : busByItself,
    });
    const agents = AgentsModule.forRootAsync({
      imports: [options],
      inject: [A2A_OPTIONS, EXECUTION_OPTIONS],
      useFactory: (
        { cards, tenants, pushNotifications }: A2aModuleOptions,
        { deduplicateMessages }: ExecutionOptions,
      ) => ({
        cards,
        tenant: tenants?.declared,
        pushNotifications: pushNotifications !== false,
        deduplicateMessages,
      }),
    });
    const execution = ExecutionModule.register([options, tasks, events, agents]);
    const addresses = AddressesModule.register({
      imports: [options],
      providers: [
        {
          provide: HTTP_TRANSPORT_OPTIONS,
          inject: [A2A_OPTIONS],
          useFactory: ({ http }: A2aModuleOptions) => httpTransportOptions({ ...http, path, bindings }),
        },
        {
          provide: GRPC_OPTIONS,
          inject: [A2A_OPTIONS],
          useFactory: ({ grpc }: A2aModuleOptions) => grpcSettings(grpc),
        },
        {
          provide: PUBLIC_URL,
          inject: [HttpAdapterHost, A2A_OPTIONS],
          useFactory: (host: HttpAdapterHost, { publicUrl }: A2aModuleOptions) =>
            new ListeningPublicUrl(host, publicUrl),
        },
      ],
    });
    const push = PushNotificationsModule.register([options, tasks], {
      provide: PUSH_OPTIONS,
      inject: [A2A_OPTIONS],
      useFactory: ({ pushNotifications: given }: A2aModuleOptions) =>
        given === false ? undefined : pushNotificationsOptions(given),
    });
    const cards = CardsModule.register({
      imports: [options, addresses],
      options: {
        provide: CARDS_OPTIONS,
        inject: [A2A_OPTIONS],
        useFactory: (given: A2aModuleOptions) => cardsOptions(given.cards),
      },
    });
    const handler = RequestHandlerModule.register([options, tasks, push, events, agents, cards, execution]);
    const transports = TransportsModule.register({
      path,
      bindings,
      imports: [options, addresses, agents, cards, handler],
    });
    const grpc = GrpcModule.register([options, addresses, agents, execution, handler]);
    return {
      module: A2aModule,
      imports: [options, tasks, push, events, agents, execution, handler, transports, grpc],
      exports: [execution, tasks, agents],
    };
  }
}

@Module({})
class A2aOptionsModule {}

const busByItself: FactoryProvider<Promise<EventBus>> = {
  provide: EVENT_BUS,
  inject: [BUS_OPTIONS],
  useFactory: (options: CheckedBusOptions) => openBus(options),
};

const busOnPostgres: FactoryProvider<Promise<EventBus>> = {
  provide: EVENT_BUS,
  inject: [BUS_OPTIONS, getDataSourceToken(A2A_CONNECTION)],
  useFactory: (options: CheckedBusOptions, dataSource: DataSource) =>
    openBus(options, Database.of(dataSource).pool.options),
};

function inMemory(options: DynamicModule): DynamicModule {
  return TasksModule.register([options], {
    provide: STORES,
    inject: [A2A_OPTIONS],
    useFactory: (given: A2aModuleOptions) => openMemoryStores(storageOf(given, 'memory')),
  });
}

function onPostgres(options: DynamicModule): DynamicModule {
  const connection = TypeOrmModule.forRootAsync({
    name: A2A_CONNECTION,
    imports: [options],
    inject: [A2A_OPTIONS],
    useFactory: (given: A2aModuleOptions) => {
      const { url, poolSize } = storageOf(given, 'postgres');
      return a2aDataSourceOptions(url, { poolSize });
    },
    dataSourceFactory: async (given) => {
      const dataSource = await new DataSource(given as DataSourceOptions).initialize();
      await runMigrations(dataSource);
      return dataSource;
    },
  });
  return TasksModule.register([options, connection], {
    provide: STORES,
    inject: [getDataSourceToken(A2A_CONNECTION)],
    useFactory: (dataSource: DataSource) => createTypeOrmStores(dataSource),
  });
}

/** Its package is optional: it is loaded when it is wired. */
function onRedis(options: DynamicModule): DynamicModule {
  return TasksModule.register([options], {
    provide: STORES,
    inject: [A2A_OPTIONS],
    useFactory: (given: A2aModuleOptions) => {
      const { url, prefix, acceptLoss } = storageOf(given, 'redis');
      return openRedisStores(url, { prefix, acceptLoss });
    },
  });
}

/** The packages of these drivers are optional: each is loaded when it is wired. */
function onSql(storage: 'mysql' | 'mariadb' | 'better-sqlite3') {
  return (options: DynamicModule): DynamicModule => {
    const connection = TypeOrmModule.forRootAsync({
      name: A2A_CONNECTION,
      imports: [options],
      inject: [A2A_OPTIONS],
      useFactory: (given: A2aModuleOptions) => {
        const of = storageOf(given, storage);
        return of.type === 'better-sqlite3' ? sqliteDataSource(of.file) : mysqlDataSource(of.type, of.url, of);
      },
      dataSourceFactory: (given) => prepareDataSource(given as DataSourceOptions),
    });
    return TasksModule.register([options, connection], {
      provide: STORES,
      inject: [getDataSourceToken(A2A_CONNECTION)],
      useFactory: (dataSource: DataSource) => createSqlStores(dataSource),
    });
  };
}

const STORAGES: Readonly<Record<StorageType, (options: DynamicModule) => DynamicModule>> = {
  memory: inMemory,
  postgres: onPostgres,
  redis: onRedis,
  mysql: onSql('mysql'),
  mariadb: onSql('mariadb'),
  'better-sqlite3': onSql('better-sqlite3'),
};
