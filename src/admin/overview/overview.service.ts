import { Injectable } from '@nestjs/common';
import { packageVersion } from '../../common/package-version.js';
import type { AdminOverview } from '../admin-api.types.js';
import { AdminParts } from '../admin-parts.js';
import { HealthChecks } from '../health/health-checks.js';
import { Figures } from './figures.js';

/** What an operator sees first. */
@Injectable()
export class OverviewService {
  readonly #version = packageVersion();

  constructor(
    private readonly parts: AdminParts,
    private readonly figures: Figures,
    private readonly health: HealthChecks,
  ) {}

  async read(): Promise<AdminOverview> {
    const { store, storageName, replica, drain } = this.parts;
    const [figures, replicas, health] = await Promise.all([this.figures.get(), store.replicas(), this.health.all()]);
    return {
      ...figures,
      at: new Date().toISOString(),
      version: this.#version,
      storage: storageName,
      replica: replica.id,
      draining: drain.draining,
      replicas,
      health,
    };
  }
}
