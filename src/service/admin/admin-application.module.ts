import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { A2aAdminModule } from '../../admin/a2a-admin.module.js';
import type { A2aAdminModuleOptions } from '../../admin/admin.options.js';
import { AdminExceptionFilter } from '../../admin/http/admin.exception-filter.js';
import { inLab } from '../../admin/in-lab.js';
import { ADMIN_EXTRAS } from './admin.extras.js';
import { HealthDetailsController } from './health-details.controller.js';

/** What the admin listener serves: the admin API at the root, details of health, and the extras. */
@Module({})
export class AdminApplicationModule {
  /** `main` serves agents. `lab`: it is there for trials. */
  static async register(
    main: INestApplicationContext,
    options: A2aAdminModuleOptions,
    lab: boolean,
  ): Promise<DynamicModule> {
    const api = A2aAdminModule.forHost(main, options);
    return {
      module: AdminApplicationModule,
      imports: [
        lab ? inLab(api) : api,
        TerminusModule.forRoot({ logger: false }),
        ...(await Promise.all(ADMIN_EXTRAS.map((extra) => extra(main)))),
      ],
      controllers: [HealthDetailsController],
      providers: [{ provide: APP_FILTER, useClass: AdminExceptionFilter }],
    };
  }
}
