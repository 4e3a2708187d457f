import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { conformanceProviders } from '../../examples/conformance/conformance.providers.js';
import { DocumentsAgent } from '../../examples/documents/documents.agent.js';
import { LabAgent, ResumableLabAgent } from '../../examples/lab/lab.agent.js';
import { ProgressAgent } from '../../examples/streaming/progress.agent.js';
import { A2aModule } from '../a2a.module.js';
import { A2aAuthModule } from '../security/authentication/a2a-auth.module.js';
import { consoleUsers } from './configuration/console.environment.js';
import { consoleOperators, serviceConsole } from './console/service-console.js';
import { authOptions } from './configuration/auth-options.js';
import type { Environment } from './configuration/environment.js';
import { moduleOptions, type ServiceOptions } from './configuration/module-options.js';
import { HealthModule } from './health/health.module.js';
import { LandingModule } from './landing/landing.module.js';
import { moduleValues } from './module-values.js';
import { relayAgent } from './relay-agent.js';
import { DrainFollower } from './shutdown/drain-follower.js';
import type { OpenStorage } from '../storage/a2a-storage.interface.js';
import { A2aMetricsModule } from '../metrics/a2a-metrics.module.js';
import { A2aTracingModule } from '../tracing/a2a-tracing.module.js';
import { STORES } from '../tasks/tasks.module.js';

/** The deployable service: the example agents, or the agent of the conformance suites, served at the root. */
@Module({})
export class AppModule {
  static async register(options: ServiceOptions): Promise<DynamicModule> {
    const a2a = A2aModule.forRoot({ path: '', ...(await moduleValues(moduleOptions(options))) });
    const { environment, lab } = options;
    const landing = LandingModule.register({ imports: [a2a], console: consoleUsers(environment) });
    const auth = authOptions(environment);
    const imports = [
      a2a,
      landing,
      health(environment, a2a),
      ...serviceConsole(environment, lab),
      ...(auth ? [A2aAuthModule.forRoot(auth)] : []),
      ...observed(environment),
    ];
    return {
      module: AppModule,
      imports,
      providers: [DrainFollower, ...consoleOperators(environment), ...agents(options)],
    };
  }
}

/** Metrics are for the admin listener; traces go where OTEL_EXPORTER_OTLP_ENDPOINT says. */
const observed = ({ ADMIN_PORT, OTEL_EXPORTER_OTLP_ENDPOINT }: Environment): (DynamicModule | Type)[] => [
  ...(ADMIN_PORT === undefined ? [] : [A2aMetricsModule.unserved()]),
  ...(OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? [] : [A2aTracingModule]),
];

function agents({ environment, lab, conformance }: ServiceOptions): Provider[] {
  const served = conformance
    ? conformanceProviders(conformance)
    : [ProgressAgent, DocumentsAgent, ...relayAgent(environment)];
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
