import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { DrainState } from '../shutdown/drain-state.js';
import { HealthController } from './health.controller.js';
import { READINESS_CHECKS, type ReadinessCheck, ReadinessService } from './readiness.service.js';

export interface HealthModuleOptions {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  /** Default: no checks. */
  readonly useFactory?: (...dependencies: never[]) => readonly ReadinessCheck[];
}

/** `/health/live` and `/health/ready`. Exports DrainState, which makes the latter return 503. */
@Module({})
export class HealthModule {
  static register({ imports = [], inject = [], useFactory = () => [] }: HealthModuleOptions = {}): DynamicModule {
    return {
      module: HealthModule,
      imports,
      controllers: [HealthController],
      providers: [DrainState, ReadinessService, { provide: READINESS_CHECKS, inject, useFactory } as FactoryProvider],
      exports: [DrainState],
    };
  }
}
