import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { conformanceProviders } from '../../examples/conformance/conformance.providers.js';
import { DocumentsAgent } from '../../examples/documents/documents.agent.js';
import { LabAgent, ResumableLabAgent } from '../../examples/lab/lab.agent.js';
import { relayProviders } from '../../examples/relay/relay.providers.js';
import { ProgressAgent } from '../../examples/streaming/progress.agent.js';
import { A2aModule } from '../a2a.module.js';
import type { Environment } from './configuration/environment.js';
import { moduleOptions, type ServiceOptions } from './configuration/module-options.js';
import { HealthModule } from './health/health.module.js';
import { LandingModule } from './landing/landing.module.js';
import { moduleValues } from './module-values.js';
import type { OpenStorage } from '../storage/a2a-storage.interface.js';
import { STORES } from '../tasks/tasks.module.js';

/** The deployable service: the example agents, or the agent of the conformance suites, served at the root. */
@Module({})
export class AppModule {
  static async register(options: ServiceOptions): Promise<DynamicModule> {
    const a2a = A2aModule.forRoot({ path: '', ...(await moduleValues(moduleOptions(options))) });
    const landing = { module: LandingModule, imports: [a2a] };
    return { module: AppModule, imports: [a2a, landing, health(options.environment, a2a)], providers: agents(options) };
  }
}

function agents({ environment, lab, conformance }: ServiceOptions): Provider[] {
  const served = conformance
    ? conformanceProviders(conformance)
    : [ProgressAgent, DocumentsAgent, ...relayProviders(environment)];
  return [...served, ...(lab ? [LabAgent, ResumableLabAgent] : [])];
}

function health({ STORE }: Environment, a2a: DynamicModule): DynamicModule {
  return HealthModule.register({
    imports: [a2a],
    inject: [STORES],
    useFactory: ({ ping }: OpenStorage) =>
      ping ? [{ name: STORE === 'redis' ? 'redis' : 'database', check: () => ping() }] : [],
  });
}
