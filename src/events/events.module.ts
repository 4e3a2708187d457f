import { type DynamicModule, type FactoryProvider, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TaskDocuments } from '../tasks/task-documents.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { BUS_OPTIONS, type BusOptions } from './bus/bus.options.js';
import { EventPublisher } from './event-publisher.js';
import { EVENT_BUS, type EventBus } from './event-bus.interface.js';
import { InMemoryQueueManager } from './in-memory-queue-manager.js';
import { QUEUE_MANAGER, type QueueManager } from './queue-manager.interface.js';
import { TASK_CURSORS } from './task-cursor.interface.js';
import { DefaultTaskCursors } from './task-cursors.js';

export interface EventsModuleOptions {
  /** Must include the module of the stores that readers use. */
  readonly imports: DynamicModule['imports'];
  /** Provides BUS_OPTIONS. */
  readonly options: FactoryProvider<BusOptions>;
  /** Provides EVENT_BUS. */
  readonly bus: FactoryProvider<EventBus | Promise<EventBus>>;
}

/** Root queues, readers and the bus. */
@Module({})
export class EventsModule implements OnApplicationShutdown {
  constructor(@Inject(EVENT_BUS) private readonly bus: EventBus) {}

  static register({ imports, options, bus }: EventsModuleOptions): DynamicModule {
    return {
      module: EventsModule,
      imports,
      providers: [
        options,
        bus,
        { provide: QUEUE_MANAGER, useClass: InMemoryQueueManager },
        EventPublisher,
        {
          provide: TASK_CURSORS,
          inject: [TASK_STORE, QUEUE_MANAGER, EVENT_BUS, BUS_OPTIONS, TaskDocuments],
          useFactory: (
            store: TaskStore,
            queues: QueueManager,
            bus: EventBus,
            { pollMs }: BusOptions,
            documents: TaskDocuments,
          ) => new DefaultTaskCursors(store, queues, bus, { pollMs }, documents),
        },
      ],
      exports: [QUEUE_MANAGER, EVENT_BUS, EventPublisher, TASK_CURSORS, BUS_OPTIONS],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }
}
