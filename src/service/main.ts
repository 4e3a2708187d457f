import 'reflect-metadata';
import { type INestApplication, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { LIMITS_OPTIONS, type LimitsOptions } from '../common/limits.options.js';
import { MissingPackageError } from '../common/load-optional.js';
import { SafeLogger } from '../common/safe-logger.js';
import { AGENT_REGISTRY, type AgentRegistry } from '../agents/agent-registry.interface.js';
import { AppModule } from './app.module.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from '../execution/execution.options.js';
import { DrainService } from '../execution/drain.service.js';
import { cardSettings } from './configuration/card.settings.js';
import { ConfigurationError } from './configuration/configuration.error.js';
import type { Environment } from './configuration/environment.js';
import { loadEnvironment } from './configuration/load-environment.js';
import { serviceArguments } from './configuration/service-arguments.js';
import { EmbeddedPostgresError } from './embedded-postgres/embedded-postgres.error.js';
import { EmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
import { httpAdapter } from './http/http-adapter.js';
import { ServiceLogger } from './logging/service.logger.js';
import { setupOpenApi } from './openapi/set-up-openapi.js';
import { DrainState } from './shutdown/drain-state.js';
import { shutDownOnSignals, surviveStrayErrors } from './shutdown/shut-down-on-signals.js';
import { DatabaseDriverError } from '../tasks/sql/load-driver.js';
import { GrpcBootError } from '../transports/grpc/grpc-boot.error.js';
import { configureA2a } from '../transports/http/configure-a2a.js';

const log = new SafeLogger('Service');

/** Added to the limit of our own routes, whose errors are in the protocol, for all other requests. */
const LATE_MS = 5_000;

/** Time for what follows the drain at a shutdown, in ms: last events of runs, open connections, the embedded database. */
const CLOSE_LIMIT_MS = 50_000;

/** The document is built on the first request, when the agents are known. */
async function document(app: INestApplication, environment: Environment): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const registry = app.get<AgentRegistry>(AGENT_REGISTRY, { strict: false });
  await setupOpenApi(app, {
    version,
    publicUrl: environment.PUBLIC_URL,
    get agents() {
      const others = registry.all().filter((agent) => agent !== registry.default);
      return [...(registry.default ? [registry.default] : []), ...others].map(({ id }) => id);
    },
  });
}

async function boot(): Promise<void> {
  const given = serviceArguments();
  const environment = loadEnvironment();
  const cards = cardSettings(environment);
  const logger = new ServiceLogger(environment.LOG_LEVEL);
  Logger.overrideLogger(logger);
  const embedded =
    environment.STORE === 'postgres' && environment.DATABASE_URL === undefined
      ? await EmbeddedPostgres.start({ dataDir: environment.DATA_DIR, log: new SafeLogger('EmbeddedPostgres') })
      : undefined;
  try {
    const databaseUrl = environment.STORE === 'postgres' ? (environment.DATABASE_URL ?? embedded?.url) : undefined;
    const module = await AppModule.register({ environment, cards, databaseUrl, ...given });
    const app = await NestFactory.create(module, await httpAdapter(environment.HTTP_ADAPTER), {
      bodyParser: false,
      abortOnError: false,
    });
    configureA2a(app);
    const { requestTimeoutMs } = app.get<LimitsOptions>(LIMITS_OPTIONS, { strict: false });
    (app.getHttpServer() as Server).requestTimeout = requestTimeoutMs + LATE_MS;
    await document(app, environment);
    const { drainMs } = app.get<ExecutionOptions>(EXECUTION_OPTIONS, { strict: false });
    const shutDown = shutDownOnSignals(app, {
      drain: app.get(DrainState, { strict: false }),
      first: [() => app.get(DrainService, { strict: false }).drain()],
      last: [() => embedded?.stop()],
      drainDelayMs: environment.A2A_DRAIN_DELAY_MS,
      limitMs: environment.A2A_DRAIN_DELAY_MS + drainMs + CLOSE_LIMIT_MS,
    });
    surviveStrayErrors(shutDown);
    await app.listen(environment.PORT, environment.HOST);
    log.log(`Listening on ${await app.getUrl()} (agent card: /.well-known/agent-card.json, API: /docs)`);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

boot().catch((error: unknown) => {
  const known =
    error instanceof ConfigurationError ||
    error instanceof DatabaseDriverError ||
    error instanceof EmbeddedPostgresError ||
    error instanceof MissingPackageError ||
    error instanceof GrpcBootError;
  log.fatal(known ? error.message : error);
  process.exit(1);
});
