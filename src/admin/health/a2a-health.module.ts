import { Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { A2A_HOST } from '../a2a-host.js';
import { AdminParts } from '../admin-parts.js';
import { Figures } from '../overview/figures.js';
import { A2aHealthIndicators } from './a2a-health.indicators.js';
import { HealthChecks } from './health-checks.js';

/** `A2aHealthIndicators` for an application that imports `A2aModule`, without the admin API. */
@Module({
  providers: [
    { provide: A2A_HOST, inject: [ModuleRef], useFactory: (host: ModuleRef) => host },
    AdminParts,
    Figures,
    HealthChecks,
    A2aHealthIndicators,
  ],
  exports: [A2aHealthIndicators],
})
export class A2aHealthModule {}
