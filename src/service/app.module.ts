import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { conformanceProviders } from '../../examples/conformance/conformance.providers.js';
import { DocumentsAgent } from '../../examples/documents/documents.agent.js';
import { LabAgent, ResumableLabAgent } from '../../examples/lab/lab.agent.js';
import { relayProviders } from '../../examples/relay/relay.providers.js';
import { ProgressAgent } from '../../examples/streaming/progress.agent.js';
import { A2A_CONNECTION, A2aModule } from '../a2a.module.js';
import { moduleOptions, type ServiceOptions } from './configuration/module-options.js';
import { HealthModule } from './health/health.module.js';
import { LandingModule } from './landing/landing.module.js';
import { CHECK_LIMIT_MS } from './health/readiness.service.js';
import type { OpenRedisStores } from '../tasks/redis/open-stores.js';
import { STORES } from '../tasks/tasks.module.js';
import { Database } from '../tasks/typeorm/database.js';

/** The deployable service: the example agents, or the agent of the conformance suites, served at the root. */
@Module({})
export class AppModule {
  static register(options: ServiceOptions): DynamicModule {
    const a2a = A2aModule.forRoot({ path: '', ...moduleOptions(options) });
    const landing = { module: LandingModule, imports: [a2a] };
    return { module: AppModule, imports: [a2a, landing, health(options, a2a)], providers: agents(options) };
  }
}

function agents({ environment, lab, conformance }: ServiceOptions): Provider[] {
  const served = conformance
    ? conformanceProviders(conformance)
    : [ProgressAgent, DocumentsAgent, ...relayProviders(environment)];
  return [...served, ...(lab ? [LabAgent, ResumableLabAgent] : [])];
}

function health({ environment, databaseUrl }: ServiceOptions, a2a: DynamicModule): DynamicModule {
  if (environment.STORE === 'redis') {
    return HealthModule.register({
      imports: [a2a],
      inject: [STORES],
      useFactory: (stores: OpenRedisStores) => [{ name: 'redis', check: () => stores.ping() }],
    });
  }
  if (databaseUrl === undefined) return HealthModule.register();
  return HealthModule.register({
    inject: [getDataSourceToken(A2A_CONNECTION)],
    useFactory: (dataSource: DataSource) => {
      if (dataSource.options.type !== 'postgres')
        return [{ name: 'database', check: () => dataSource.query('select 1') }];
      // With the time limit of the check: a connection that does not respond must not stay in use.
      const database = Database.of(dataSource, CHECK_LIMIT_MS);
      return [{ name: 'database', check: () => database.query('select 1') }];
    },
  });
}
