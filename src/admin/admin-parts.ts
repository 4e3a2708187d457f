import { Inject, Injectable, type InjectionToken } from '@nestjs/common';
import { A2A_OPTIONS, type A2aModuleOptions } from '../a2a.options.js';
import { AGENT_REGISTRY, type AgentRegistry } from '../agents/agent-registry.interface.js';
import { AgentCards } from '../agents/cards/agent-cards.js';
import { CARD_SIGNER } from '../agents/cards/signing/card-signer.factory.js';
import { ClientLimits } from '../common/client-limits.js';
import { EVENT_BUS, type EventBus } from '../events/event-bus.interface.js';
import { EventPublisher } from '../events/event-publisher.js';
import { TASK_CURSORS, type TaskCursors } from '../events/task-cursor.interface.js';
import { DrainService } from '../execution/drain.service.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from '../execution/execution.options.js';
import { ReplicaService } from '../execution/ownership/replica.service.js';
import { TaskCanceler } from '../execution/runs/task.canceler.js';
import { PUSH_OPTIONS, type PushNotificationsOptions } from '../push-notifications/push-notifications.options.js';
import type { OpenStorage } from '../storage/a2a-storage.interface.js';
import type { AdminStore } from '../tasks/admin/admin-store.interface.js';
import { operatorStores } from '../tasks/operator-stores.js';
import { ContentGate } from '../tasks/content-gate.js';
import { PUSH_CONFIG_STORE, type PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { RETENTION_OPTIONS, type CheckedRetention } from '../tasks/retention/retention.options.js';
import { RUN_STORE, type RunStore } from '../tasks/run-store.interface.js';
import { TaskDocuments } from '../tasks/task-documents.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { STORES } from '../tasks/tasks.module.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../transports/http/http-transport.options.js';
import { RegisteredRoutes } from '../transports/http/registered-routes.js';
import { A2A_HOST, type A2aHost } from './a2a-host.js';

/**
 * What operators' calls use of the application that imports A2aModule. Each part is found when it is used: the admin API may belong to
 * another application of the process.
 */
@Injectable()
export class AdminParts {
  constructor(@Inject(A2A_HOST) private readonly host: A2aHost) {}

  readonly #find = <T>(token: InjectionToken<T>): T => this.host.get<T>(token, { strict: false });

  /** @throws Error when the storage has none */
  get store(): AdminStore {
    const { storage, storageName } = this;
    return operatorStores(storageName, storage, 'leave out A2aAdminModule and A2aConsoleModule', ['admin']).admin;
  }
  get storageName(): string {
    return this.options.storage?.name ?? 'memory';
  }
  get storage(): OpenStorage {
    return this.#find<OpenStorage>(STORES);
  }
  get tasks(): TaskStore {
    return this.#find<TaskStore>(TASK_STORE);
  }
  get runs(): RunStore {
    return this.#find<RunStore>(RUN_STORE);
  }
  get pushConfigs(): PushNotificationConfigStore {
    return this.#find<PushNotificationConfigStore>(PUSH_CONFIG_STORE);
  }
  get documents(): TaskDocuments {
    return this.#find(TaskDocuments);
  }
  get gate(): ContentGate {
    return this.#find(ContentGate);
  }
  get cursors(): TaskCursors {
    return this.#find<TaskCursors>(TASK_CURSORS);
  }
  get bus(): EventBus {
    return this.#find<EventBus>(EVENT_BUS);
  }
  get publisher(): EventPublisher {
    return this.#find(EventPublisher);
  }
  get canceler(): TaskCanceler {
    return this.#find(TaskCanceler);
  }
  get drain(): DrainService {
    return this.#find(DrainService);
  }
  get replica(): ReplicaService {
    return this.#find(ReplicaService);
  }
  get agents(): AgentRegistry {
    return this.#find<AgentRegistry>(AGENT_REGISTRY);
  }
  get cards(): AgentCards {
    return this.#find(AgentCards);
  }
  get signsCards(): boolean {
    return this.#find<unknown>(CARD_SIGNER) !== null;
  }
  get limits(): ClientLimits {
    return this.#find(ClientLimits);
  }
  get routes(): RegisteredRoutes {
    return this.#find(RegisteredRoutes);
  }
  get options(): A2aModuleOptions {
    return this.#find<A2aModuleOptions>(A2A_OPTIONS);
  }
  get http(): HttpTransportOptions {
    return this.#find<HttpTransportOptions>(HTTP_TRANSPORT_OPTIONS);
  }
  get execution(): ExecutionOptions {
    return this.#find<ExecutionOptions>(EXECUTION_OPTIONS);
  }
  /** undefined: there are no webhooks. */
  get push(): PushNotificationsOptions | undefined {
    return this.#find<PushNotificationsOptions | undefined>(PUSH_OPTIONS);
  }
  get retention(): CheckedRetention {
    return this.#find<CheckedRetention>(RETENTION_OPTIONS);
  }
}
