import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  Optional,
} from '@nestjs/common';
import { AuditTrail } from '../audit/audit.trail.js';
import { LIMITS_OPTIONS, type LimitsOptions } from '../common/limits.options.js';
import { STORED_API_KEYS } from '../security/authentication/api-keys/stored-api-keys.interface.js';
import { ADMIN_STORE } from './admin/admin-store.interface.js';
import { ContentGate } from './content-gate.js';
import { INBOX_STORE } from './inbox-store.interface.js';
import { JOB_SCHEDULE } from './job-schedule.interface.js';
import { LEGAL_HOLD_STORE } from './retention/legal-hold-store.interface.js';
import { OUTBOX } from './outbox.interface.js';
import { PUSH_CONFIG_STORE } from './push-config-store.interface.js';
import { RUN_STORE } from './run-store.interface.js';
import type { Stores } from './stores.js';
import { TaskDocuments } from './task-documents.js';
import { TASK_STORE, type TaskStore } from './task-store.interface.js';

export const STORES = Symbol('Stores');

/** Stores with their shutdown hooks. */
type ClosableStores = Stores & { flush?(): Promise<void>; close?(): Promise<void> };

/** Provides the stores of the open storage, each under its own token. `imports` must export STORES. */
@Module({})
export class TasksModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(STORES) private readonly stores: ClosableStores,
    @Optional() private readonly audit?: AuditTrail,
  ) {}

  static register(imports: DynamicModule['imports']): DynamicModule {
    return {
      module: TasksModule,
      imports,
      providers: [
        {
          provide: ContentGate,
          inject: [LIMITS_OPTIONS],
          useFactory: ({ maxContentBytes }: LimitsOptions) => new ContentGate(maxContentBytes),
        },
        {
          provide: TaskDocuments,
          inject: [TASK_STORE, ContentGate, LIMITS_OPTIONS],
          useFactory: (store: TaskStore, gate: ContentGate, { maxHistoryBytes }: LimitsOptions) =>
            new TaskDocuments(store, gate, maxHistoryBytes),
        },
        { provide: TASK_STORE, inject: [STORES], useFactory: ({ tasks }: Stores) => tasks },
        { provide: RUN_STORE, inject: [STORES], useFactory: ({ runs }: Stores) => runs },
        { provide: INBOX_STORE, inject: [STORES], useFactory: ({ inbox }: Stores) => inbox },
        { provide: OUTBOX, inject: [STORES], useFactory: ({ outbox }: Stores) => outbox },
        { provide: PUSH_CONFIG_STORE, inject: [STORES], useFactory: ({ pushConfigs }: Stores) => pushConfigs },
        { provide: JOB_SCHEDULE, inject: [STORES], useFactory: ({ jobs }: Stores) => jobs },
        { provide: LEGAL_HOLD_STORE, inject: [STORES], useFactory: ({ holds }: Stores) => holds },
        { provide: STORED_API_KEYS, inject: [STORES], useFactory: ({ apiKeys }: Stores) => apiKeys },
        { provide: ADMIN_STORE, inject: [STORES], useFactory: ({ admin }: Stores) => admin },
      ],
      exports: [
        ContentGate,
        TaskDocuments,
        TASK_STORE,
        RUN_STORE,
        INBOX_STORE,
        OUTBOX,
        PUSH_CONFIG_STORE,
        JOB_SCHEDULE,
        LEGAL_HOLD_STORE,
        STORED_API_KEYS,
        ADMIN_STORE,
      ],
    };
  }

  /** Runs after the runs were drained. Requests may still read. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stores.flush?.();
  }

  /** Runs after the HTTP server was closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.audit?.end();
    await this.stores.close?.();
  }
}
