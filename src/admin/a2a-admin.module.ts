import {
  type DynamicModule,
  type INestApplicationContext,
  Module,
  type OnApplicationBootstrap,
  Optional,
  type Provider,
} from '@nestjs/common';
import { ModuleRef, RouterModule } from '@nestjs/core';
import { A2A_HOST } from './a2a-host.js';
import { AdminAccess } from './access/admin.access.js';
import { AdminAudit } from './access/admin-audit.js';
import { AdminParts } from './admin-parts.js';
import { AdminPathCheck } from './admin-path.check.js';
import { type A2aAdminModuleOptions, ADMIN_OPTIONS, adminSettings } from './admin.options.js';
import { ChangesController } from './controllers/changes.controller.js';
import { ADMIN_CONTROLLERS, DocumentController } from './controllers/document.controller.js';
import { DrainController } from './controllers/drain.controller.js';
import { OverviewController } from './controllers/overview.controller.js';
import { TaskEventsController } from './controllers/task-events.controller.js';
import { TasksController } from './controllers/tasks.controller.js';
import { WebhooksController } from './controllers/webhooks.controller.js';
import { A2aHealthIndicators } from './health/a2a-health.indicators.js';
import { HealthChecks } from './health/health-checks.js';
import { AgentDescriptions } from './overview/agent-descriptions.js';
import { Figures } from './overview/figures.js';
import { OverviewService } from './overview/overview.service.js';
import { AdminStreams } from './streams/admin-streams.js';
import { RunningTasks } from './tasks/running-tasks.js';
import { TaskContents } from './tasks/task-contents.js';

/** All that serve the admin API, except its description. */
export const CONTROLLERS = [
  OverviewController,
  TasksController,
  TaskEventsController,
  ChangesController,
  WebhooksController,
  DrainController,
];

/**
 * An HTTP API for operators: tasks of all owners, their events, replicas, webhooks, and what an operator may do about them. Import it once,
 * beside `A2aModule`. Who is an operator is for you to say: without `authorize` the application does not start.
 *
 * @example
 * imports: [A2aModule.forRoot(), A2aAdminModule.forRoot({ authorize: (request) => isOperator(request.headers.authorization) })]
 */
@Module({})
export class A2aAdminModule implements OnApplicationBootstrap {
  constructor(@Optional() private readonly parts?: AdminParts) {}

  /**
   * The API as a part of the application that imports `A2aModule`.
   *
   * @throws TypeError, RangeError naming the option that is wrong
   */
  static forRoot(options: A2aAdminModuleOptions): DynamicModule {
    const host = { provide: A2A_HOST, inject: [ModuleRef], useFactory: (module: ModuleRef) => module };
    return adminModule(options, host, [AdminPathCheck]);
  }

  /**
   * The API as a part of another application of the process, which listens elsewhere: `host` is the one that imports `A2aModule`. Create that
   * other application when `host` has started, and close it first.
   *
   * @throws TypeError, RangeError naming the option that is wrong
   */
  static forHost(host: INestApplicationContext, options: A2aAdminModuleOptions): DynamicModule {
    return adminModule(options, { provide: A2A_HOST, useValue: host });
  }

  /** @throws Error if the application does not import A2aModule, or this module without `forRoot`, or if its storage has no `admin` */
  onApplicationBootstrap(): void {
    if (this.parts === undefined) throw new Error('A2aAdminModule: import A2aAdminModule.forRoot({ authorize }).');
    try {
      void this.parts.storage;
    } catch (error) {
      throw new Error('A2aAdminModule: the application does not import A2aModule, whose tasks it would show.', {
        cause: error,
      });
    }
    void this.parts.store;
  }
}

function adminModule(options: A2aAdminModuleOptions, host: Provider, checks: Provider[] = []): DynamicModule {
  const settings = adminSettings(options);
  const path = settings.path.replace(/^\/+|\/+$/g, '');
  return {
    module: A2aAdminModule,
    imports: path === '' ? [] : [RouterModule.register([{ path, module: A2aAdminModule }])],
    controllers: [...CONTROLLERS, DocumentController],
    providers: [
      { provide: ADMIN_OPTIONS, useValue: settings },
      { provide: ADMIN_CONTROLLERS, useValue: CONTROLLERS },
      host,
      ...[AdminAccess, AdminAudit, AdminParts, AdminStreams],
      ...[AgentDescriptions, Figures, OverviewService, RunningTasks, TaskContents],
      ...[HealthChecks, A2aHealthIndicators],
      ...checks,
    ],
    exports: [AdminAccess, AdminAudit, A2aHealthIndicators],
  };
}
