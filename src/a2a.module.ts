import { type DynamicModule, Inject, type InjectionToken, Module, Optional } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { type A2aModuleAsyncOptions, A2aOptionsModule } from './a2a-options.module.js';
import { A2A_OPTIONS, type A2aModuleExtras, type A2aModuleOptions, checkParts } from './a2a.options.js';
import { AuditModule } from './audit/audit.module.js';
import { AUDIT_OPTIONS, type AuditSettings } from './audit/audit.options.js';
import { AuditTrail } from './audit/audit.trail.js';
import { AgentsModule } from './agents/agents.module.js';
import { declaring } from './agents/cards/card-defaults.js';
import { CARDS_OPTIONS, cardsOptions } from './agents/cards/cards.options.js';
import { CardsModule } from './agents/cards/cards.module.js';
import { SharedRateLimit } from './common/call-rates/shared-rate-limit.js';
import { ClientLimits } from './common/client-limits.js';
import { assertImportedOnce } from './common/imported-once.js';
import { A2A_METRICS, type Metrics } from './common/metrics/metrics.interface.js';
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
import { A2A_AUTHENTICATION, type Authentication } from './security/authentication/authentication.js';
import {
  STORED_API_KEYS_SOURCE,
  type StoredApiKeysSource,
} from './security/authentication/api-keys/storage-api-keys.js';
import type { OpenStorage } from './storage/a2a-storage.interface.js';
import { memoryStorage } from './storage/memory.storage.js';
import { StorageModule } from './storage/storage.module.js';
import { appendMetrics } from './tasks/append-metrics.js';
import { operatorStores } from './tasks/operator-stores.js';
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
  /** @throws Error if the application imports the module twice, or without `forRoot` */
  constructor(modules: ModulesContainer, @Optional() @Inject(A2A_OPTIONS) options?: A2aModuleOptions) {
    assertImportedOnce([...modules.values()], A2aModule, options !== undefined);
  }

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
  const storage = StorageModule.register(
    [options],
    {
      provide: STORES,
      inject: [A2A_OPTIONS, ClientLimits, { token: A2A_METRICS, optional: true }, ...injected],
      useFactory: openStorage,
    },
    { provide: STORED_API_KEYS_SOURCE, inject: [A2A_OPTIONS, STORES], useFactory: storedApiKeys },
  );
  const audit = AuditModule.register([options, storage], {
    provide: AuditTrail,
    inject: [AUDIT_OPTIONS, STORES],
    useFactory: auditTrail,
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
    inject: [A2A_OPTIONS, EXECUTION_OPTIONS, { token: A2A_AUTHENTICATION, optional: true }],
    useFactory: (
      { cards, tenants, pushNotifications }: A2aModuleOptions,
      { deduplicateMessages }: ExecutionOptions,
      authentication?: Authentication,
    ) => ({
      cards: declaring(cards, authentication),
      tenant: tenants?.declared,
      pushNotifications: pushNotifications !== false,
      deduplicateMessages,
    }),
  });
  const push = PushNotificationsModule.register([options, tasks], {
    provide: PUSH_OPTIONS,
    inject: [A2A_OPTIONS],
    useFactory: ({ pushNotifications: given }: A2aModuleOptions) =>
      given === false ? undefined : pushNotificationsOptions(given),
  });
  const execution = ExecutionModule.register([options, tasks, events, push, agents]);
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
    imports: [options, addresses, agents, cards, push, handler],
  });
  const inProcess = InProcessModule.register([tasks, events, push, agents, execution, handler]);
  const grpc = GrpcModule.register([options, addresses, agents, execution, handler], {
    provide: GRPC_TRANSPORT,
    inject: [A2A_OPTIONS],
    useFactory: (given: A2aModuleOptions) => given.grpc,
  });
  return {
    module: A2aModule,
    imports: [options, storage, audit, tasks, push, events, agents, execution, handler, transports, grpc, inProcess],
    exports: [execution, tasks, agents, inProcess, audit],
  };
}

function auditTrail(settings: AuditSettings | undefined, { audit, jobs }: OpenStorage): AuditTrail {
  if (settings === undefined) return new AuditTrail();
  if (settings.sink !== 'database') return new AuditTrail({ sink: settings.sink, settings });
  if (audit === undefined)
    throw new TypeError(
      "audit.sink is 'database', but this storage has no table for it: use a SQL storage, or auditFile(path).",
    );
  return new AuditTrail({ sink: audit, settings, mayPrune: (everyMs) => jobs.claim('audit retention', everyMs) });
}

const storedApiKeys =
  ({ storage = memoryStorage() }: A2aModuleOptions, stores: OpenStorage): StoredApiKeysSource =>
  () =>
    operatorStores(storage.name, stores, 'keep API keys elsewhere: apiKeys({ file })', ['apiKeys']).apiKeys;

const KEPT_IN_MEMORY =
  'Tasks are kept in memory: they are gone when this process ends, and other processes do not see them. Set storage, for example to ' +
  "postgresStorage({ url }) of 'nest-a2a/postgres', or to memoryStorage() if that is meant.";

async function openStorage(
  options: A2aModuleOptions,
  limits: ClientLimits,
  metrics: Metrics | undefined,
  ...injected: unknown[]
): Promise<OpenStorage> {
  if (options.storage === undefined) new SafeLogger('A2aModule').warn(KEPT_IN_MEMORY);
  const { storage = memoryStorage() } = options;
  checkParts(options, storage);
  const expected = storage.inject?.length ?? 0;
  if (expected !== injected.length) {
    throw new TypeError(
      `A2aModule: storage '${storage.name}' asks for ${expected} of the application's providers, which forRootAsync cannot give it. ` +
        'Inject them into the factory, and give the storage what they are instead of their tokens.',
    );
  }
  const opened = await storage.open(
    { logger: new SafeLogger('Storage'), ...(metrics && { commitAttempted: appendMetrics(metrics) }) },
    ...injected,
  );
  if (limits.options.callsCountedIn === 'storage') {
    if (opened.rates === undefined) {
      await opened.close();
      throw new TypeError(`limits.callsCountedIn is 'storage', but storage '${storage.name}' cannot count calls.`);
    }
    limits.rate = new SharedRateLimit(opened.rates);
  }
  return opened;
}
