import { Module } from '@nestjs/common';
import { DrainService } from './drain.service.js';
import { ReplicaService } from './replica.service.js';
import { ReplyStarter } from './reply.starter.js';
import { RunLauncher } from './run.launcher.js';
import { RunRegistry } from './run.registry.js';
import { TaskCanceler } from './task.canceler.js';
import { TaskStarter } from './task.starter.js';

/** Runs agents. Its ports (stores, queues, bus, options) are bound in a2a.module.ts. */
const services = [DrainService, ReplicaService, ReplyStarter, RunLauncher, RunRegistry, TaskCanceler, TaskStarter];

@Module({ providers: services, exports: services })
export class ExecutionModule {}
