import { type DynamicModule, type InjectionToken, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type A2aModuleAsyncOptions, A2aOptionsModule } from './a2a-options.module.js';
import { A2A_OPTIONS, type A2aModuleExtras, type A2aModuleOptions, checkParts } from './a2a.options.js';
import { AgentsModule } from './agents/agents.module.js';
import { CARDS_OPTIONS, cardsOptions } from './agents/cards/cards.options.js';
import { CardsModule } from './agents/cards/cards.module.js';
import { SafeLogger } from './common/safe-logger.js';
import { BUS_OPTIONS, busOptions } from './events/bus/bus.options.js';
import { inProcessBus } from './events/bus/in-process.bus.js';
import { EVENT_BUS } from './events/event-bus.interface.js';
import { EventsModule } from './events/events.module.js';
import { ExecutionModule } from './execution/execution.module.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from './execution/execution.options.js';
import { PushNotificationsModule } from './push-notifications/push-notifications.module.js';
import { PUSH_OPTIONS, pushNotificationsOptions } from './push-notifications/push-notifications.options.js';
import { RequestHandlerModule } from './request-handler/request-handler.module.js';
import type { OpenStorage } from './storage/a2a-storage.interface.js';
import { memoryStorage } from './storage/memory.storage.js';
import { StorageModule } from './storage/storage.module.js';
import { STORES, TasksModule } from './tasks/tasks.module.js';
import { AddressesModule } from './transports/http/addresses.module.js';
import { GRPC_TRANSPORT } from './transports/grpc/grpc.binding.js';
import { GrpcModule } from './transports/grpc/grpc.module.js';
import { GRPC_OPTIONS } from './transports/grpc/grpc.options.js';
import { InProcessModule } from './transports/in-process/in-process.module.js';
import {
  HTTP_TRANSPORT_OPTIONS,
  httpBindings,
  httpTransportOptions,
} from './transports/http/http-transport.options.js';
import { ListeningPublicUrl, PUBLIC_URL } from './transports/http/public-url.js';
import { TransportsModule } from './transports/transports.module.js';

/** Gives the application's `@A2aAgent` providers the protocol. Wiring only: the one place that knows concrete classes. */
@Module({})
export class A2aModule {
  static forRoot(options: A2aModuleOptions & A2aModuleExtras = {}): DynamicModule {
    return wire(A2aOptionsModule.forRoot(options), options, options.storage?.inject);
  }

  /** Options from a factory (`useFactory` with `inject`) or from an A2aOptionsFactory (`useClass`, `useExisting`). */
  static forRootAsync(options: A2aModuleAsyncOptions): DynamicModule {
    return wire(A2aOptionsModule.forRootAsync(options), options);
  }
}

/** `injected`: what the storage is given of the application, as far as it is known before the options are. */
function wire(
  options: DynamicModule,
  { path = '/a2a', bindings: switched }: A2aModuleExtras,
  injected: readonly InjectionToken[] = [],
): DynamicModule {
  const bindings = httpBindings(switched);
  const storage = StorageModule.register([options], {
    provide: STORES,
    inject: [A2A_OPTIONS, ...injected],
    useFactory: openStorage,
  });
  const tasks = TasksModule.register([options, storage]);
  const events = EventsModule.register({
    imports: [options, tasks],
    options: {
      provide: BUS_OPTIONS,
      inject: [A2A_OPTIONS],
      useFactory: (given: A2aModuleOptions) => busOptions(given),
    },
    bus: {
      provide: EVENT_BUS,
      inject: [A2A_OPTIONS, STORES],
      useFactory: ({ bus }: A2aModuleOptions, opened: OpenStorage) => (bus ?? opened.bus ?? inProcessBus()).open(),
    },
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
        useFactory: ({ grpc }: A2aModuleOptions) => grpc?.settings,
      },
      {
        provide: PUBLIC_URL,
        inject: [HttpAdapterHost, A2A_OPTIONS],
        useFactory: (host: HttpAdapterHost, { publicUrl }: A2aModuleOptions) => new ListeningPublicUrl(host, publicUrl),
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
  const inProcess = InProcessModule.register([agents, execution, handler]);
  const grpc = GrpcModule.register([options, addresses, agents, execution, handler], {
    provide: GRPC_TRANSPORT,
    inject: [A2A_OPTIONS],
    useFactory: (given: A2aModuleOptions) => given.grpc,
  });
  return {
    module: A2aModule,
    imports: [options, storage, tasks, push, events, agents, execution, handler, transports, grpc, inProcess],
    exports: [execution, tasks, agents, inProcess],
  };
}

async function openStorage(options: A2aModuleOptions, ...injected: unknown[]): Promise<OpenStorage> {
  const { storage = memoryStorage() } = options;
  checkParts(options, storage);
  const expected = storage.inject?.length ?? 0;
  if (expected !== injected.length) {
    throw new TypeError(
      `A2aModule: storage '${storage.name}' asks for ${expected} of the application's providers, which forRootAsync cannot give it. ` +
        'Inject them into the factory, and give the storage what they are instead of their tokens.',
    );
  }
  return storage.open({ logger: new SafeLogger('Storage') }, ...injected);
}
