import { type DynamicModule, Module } from '@nestjs/common';
import { LineLimits } from './admission/line.limits.js';
import { LineRunner } from './admission/line.runner.js';
import { RunRoom } from './admission/run.room.js';
import { DrainService } from './drain.service.js';
import { FollowUpStarter } from './follow-up.starter.js';
import { MessageWindow } from './message.window.js';
import { ForgottenTasks } from './recovery/forgotten.tasks.js';
import { RecoveryService } from './recovery/recovery.service.js';
import { RunResumer } from './recovery/run.resumer.js';
import { ReplicaService } from './replica.service.js';
import { ReplyStarter } from './reply.starter.js';
import { RetentionRound } from './retention/retention.round.js';
import { RetentionSweeper } from './retention/retention.sweeper.js';
import { RunListener } from './run.listener.js';
import { RunLauncher } from './run.launcher.js';
import { RunRegistry } from './run.registry.js';
import { RunStarts } from './run.starts.js';
import { StorageClock } from './storage.clock.js';
import { TaskCanceler } from './task.canceler.js';
import { StatusWriter } from './status.writer.js';
import { TaskStarter } from './task.starter.js';

/**
 * Runs agents. `imports` bring what a run needs: stores, queues, bus, cursors, agents, BUS_OPTIONS, EXECUTION_OPTIONS and
 * RETENTION_OPTIONS.
 */
@Module({})
export class ExecutionModule {
  static register(imports: DynamicModule['imports']): DynamicModule {
    const services = [
      ...[DrainService, MessageWindow, ReplicaService, RunLauncher, RunListener, RunRegistry, RunStarts],
      StorageClock,
      ...[FollowUpStarter, ReplyStarter, TaskStarter, TaskCanceler, StatusWriter],
      ...[ForgottenTasks, RecoveryService, RunResumer, RetentionRound, RetentionSweeper],
      ...[LineLimits, LineRunner, RunRoom],
    ];
    return { module: ExecutionModule, imports, providers: services, exports: services };
  }
}
