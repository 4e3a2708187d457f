import { type DynamicModule, Module } from '@nestjs/common';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { EVENT_BUS, type EventBus } from './event-bus.interface.js';
import { InMemoryQueueManager } from './in-memory-queue-manager.js';
import { InProcessEventBus } from './in-process.event-bus.js';
import { QUEUE_MANAGER, type QueueManager } from './queue-manager.interface.js';
import { TASK_CURSORS } from './task-cursor.interface.js';
import { DefaultTaskCursors } from './task-cursors.js';

/** Root queues, readers and the bus. `tasks` is the module of the stores that readers read. */
@Module({})
export class EventsModule {
  static register(tasks: DynamicModule): DynamicModule {
    return {
      module: EventsModule,
      imports: [tasks],
      providers: [
        { provide: QUEUE_MANAGER, useClass: InMemoryQueueManager },
        { provide: EVENT_BUS, useClass: InProcessEventBus },
        {
          provide: TASK_CURSORS,
          inject: [TASK_STORE, QUEUE_MANAGER, EVENT_BUS],
          useFactory: (store: TaskStore, queues: QueueManager, bus: EventBus) =>
            new DefaultTaskCursors(store, queues, bus),
        },
      ],
      exports: [QUEUE_MANAGER, EVENT_BUS, TASK_CURSORS],
    };
  }
}
