import { type DynamicModule, Module } from '@nestjs/common';
import { QueueLimits } from './queue/queue.limits.js';
import { QueuedTaskDispatcher } from './queue/queued-task.dispatcher.js';
import { StoredQuota } from './queue/stored.quota.js';
import { RunSlots } from './queue/run.slots.js';
import { DrainService } from './drain.service.js';
import { FollowUpStarter } from './runs/follow-up.starter.js';
import { MessageIdPruner } from './retention/message-id.pruner.js';
import { ForgottenTasks } from './recovery/forgotten.tasks.js';
import { RecoveryService } from './recovery/recovery.service.js';
import { RunResumer } from './recovery/run.resumer.js';
import { ReplicaService } from './ownership/replica.service.js';
import { DirectReplyRunner } from './runs/direct-reply.runner.js';
import { RetentionPass } from './retention/retention.pass.js';
import { RetentionSweeper } from './retention/retention.sweeper.js';
import { RunListener } from './runs/run.listener.js';
import { RunLauncher } from './runs/run.launcher.js';
import { RunRegistry } from './runs/run.registry.js';
import { ClockSkewMonitor } from './ownership/clock-skew.monitor.js';
import { TaskCanceler } from './runs/task.canceler.js';
import { StatusWriter } from './runs/status.writer.js';
import { TaskStarter } from './runs/task.starter.js';

/**
 * Runs agents. `imports` provide what a run needs: stores, queues, bus, cursors, agents, BUS_OPTIONS, EXECUTION_OPTIONS and
 * RETENTION_OPTIONS.
 */
@Module({})
export class ExecutionModule {
  static register(imports: DynamicModule['imports']): DynamicModule {
    const services = [
      ...[DrainService, MessageIdPruner, ReplicaService, RunLauncher, RunListener, RunRegistry],
      ClockSkewMonitor,
      ...[FollowUpStarter, DirectReplyRunner, TaskStarter, TaskCanceler, StatusWriter],
      ...[ForgottenTasks, RecoveryService, RunResumer, RetentionPass, RetentionSweeper],
      ...[QueueLimits, QueuedTaskDispatcher, RunSlots, StoredQuota],
    ];
    return { module: ExecutionModule, imports, providers: services, exports: services };
  }
}
