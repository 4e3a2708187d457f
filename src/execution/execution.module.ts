import { type DynamicModule, Module } from '@nestjs/common';
import { DrainService } from './drain.service.js';
import { MessageWindow } from './message.window.js';
import { ReplicaService } from './replica.service.js';
import { ReplyStarter } from './reply.starter.js';
import { RunListener } from './run.listener.js';
import { RunLauncher } from './run.launcher.js';
import { RunRegistry } from './run.registry.js';
import { TaskCanceler } from './task.canceler.js';
import { TaskStarter } from './task.starter.js';

/** Runs agents. `imports` bring what a run needs: stores, queues, bus, cursors, BUS_OPTIONS and EXECUTION_OPTIONS. */
@Module({})
export class ExecutionModule {
  static register(imports: DynamicModule['imports']): DynamicModule {
    const services = [
      DrainService,
      MessageWindow,
      ReplicaService,
      ReplyStarter,
      RunLauncher,
      RunListener,
      RunRegistry,
      TaskCanceler,
      TaskStarter,
    ];
    return { module: ExecutionModule, imports, providers: services, exports: services };
  }
}
