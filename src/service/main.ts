import 'reflect-metadata';
import { type INestApplication, Logger } from '@nestjs/common';
import type { Server } from 'node:http';
import { LIMITS_OPTIONS, type LimitsOptions } from '../common/limits.options.js';
import { loadOptional } from '../common/load-optional.js';
import { packageVersion } from '../common/package-version.js';
import { SafeLogger } from '../common/safe-logger.js';
import { BrowserRules } from '../transports/http/browsers/browser.rules.js';
import type { AdminListenerOptions } from './admin/start-admin.js';
import { AppModule } from './app.module.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from '../execution/execution.options.js';
import { DrainService } from '../execution/drain.service.js';
import { adminToken } from './configuration/admin-token.js';
import { cardSettings } from './configuration/card.settings.js';
import { consoleUsers } from './configuration/console.environment.js';
import type { Environment } from './configuration/environment.js';
import { loadEnvironment } from './configuration/load-environment.js';
import { serviceArguments } from './configuration/service-arguments.js';
import { EmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
import { HttpsListener } from './http/https-listener.js';
import { protectPages } from './http/pages.js';
import { serviceApplication } from './http/service-application.js';
import { ServiceLogger } from './logging/service.logger.js';
import { setupOpenApi } from './openapi/set-up-openapi.js';
import { DrainState } from './shutdown/drain-state.js';
import { closeWithin, shutDownOnSignals, surviveStrayErrors } from './shutdown/shut-down-on-signals.js';
import { bootFailure, type Listening } from './startup/boot-failure.js';
import { neededServers } from './startup/server-address.js';
import { startOtlpTracing } from './tracing/otlp-tracing.js';
import { DEFAULT_STORAGE_WAIT_MS, untilReachable } from './startup/until-reachable.js';

const log = new SafeLogger('Service');

/** Added to the limit of our own routes, whose errors are in the protocol, for all other requests. */
const LATE_MS = 5_000;

/** Time for what follows the drain at a shutdown, in ms: last events of runs, open connections, the embedded database. */
const CLOSE_LIMIT_MS = 50_000;

/** Time for open connections of operators at a shutdown, in ms. */
const ADMIN_GRACE_MS = 5_000;

async function document(app: INestApplication, environment: Environment): Promise<void> {
  protectPages(app, app.get(BrowserRules, { strict: false }));
  await setupOpenApi(app, { version: packageVersion(), publicUrl: environment.PUBLIC_URL });
}

/** The database must answer before it is used: drivers report a missing server each in its own way. */
async function untilStorageAnswers(environment: Environment): Promise<void> {
  const { terminal, elsewhere } = DEFAULT_STORAGE_WAIT_MS;
  const waitMs = environment.A2A_STORAGE_WAIT_MS ?? (process.stdout.isTTY ? terminal : elsewhere);
  for (const server of neededServers(environment)) await untilReachable(server, waitMs, log);
}

async function operate(app: INestApplication, options: AdminListenerOptions): Promise<INestApplication> {
  try {
    const { setUpAdminDocs, startAdmin } = await loadOptional('ADMIN_PORT', ['@nestjs/terminus@12'], async () => ({
      ...(await import('./admin/start-admin.js')),
      ...(await import('./admin/set-up-admin-docs.js')),
    }));
    const admin = await startAdmin(app, { ...options, setUp: setUpAdminDocs });
    log.log(`Operators: ${await admin.getUrl()}`);
    return admin;
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function boot(environment: Environment): Promise<void> {
  const given = serviceArguments();
  const cards = cardSettings(environment);
  const token = adminToken(environment);
  const tls = HttpsListener.of(environment, '', 'asked');
  const adminTls =
    environment.ADMIN_PORT === undefined ? undefined : HttpsListener.of(environment, 'ADMIN_', 'refused');
  const logger = new ServiceLogger(environment.LOG_LEVEL, environment.A2A_LOG_FORMAT);
  Logger.overrideLogger(logger);
  await untilStorageAnswers(environment);
  const tracing = environment.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? undefined : await startOtlpTracing();
  const embedded =
    environment.STORE === 'postgres' && environment.DATABASE_URL === undefined
      ? await EmbeddedPostgres.start({ dataDir: environment.DATA_DIR, log: new SafeLogger('EmbeddedPostgres') })
      : undefined;
  try {
    const databaseUrl = environment.STORE === 'postgres' ? (environment.DATABASE_URL ?? embedded?.url) : undefined;
    const module = await AppModule.register({ environment, cards, databaseUrl, ...given });
    const app = await serviceApplication(module, environment.HTTP_ADAPTER, tls);
    const { requestTimeoutMs } = app.get<LimitsOptions>(LIMITS_OPTIONS, { strict: false });
    (app.getHttpServer() as Server).requestTimeout = requestTimeoutMs + LATE_MS;
    await document(app, environment);
    const { drainMs } = app.get<ExecutionOptions>(EXECUTION_OPTIONS, { strict: false });
    const drain = app.get(DrainState, { strict: false });
    const runs = app.get(DrainService, { strict: false });
    let admin: INestApplication | undefined;
    const shutDown = shutDownOnSignals(app, {
      drain,
      first: [() => runs.drain(), () => admin && closeWithin(admin, 'drained', ADMIN_GRACE_MS, log)],
      last: [() => tracing?.stop(), () => embedded?.stop()],
      drainDelayMs: environment.A2A_DRAIN_DELAY_MS,
      limitMs: environment.A2A_DRAIN_DELAY_MS + drainMs + CLOSE_LIMIT_MS,
    });
    surviveStrayErrors(shutDown);
    await app.listen(environment.PORT, environment.HOST);
    if (environment.ADMIN_PORT !== undefined) {
      listening = { HOST: environment.ADMIN_HOST, PORT: environment.ADMIN_PORT, prefix: 'ADMIN_' };
      admin = await operate(app, { environment, token, tls: adminTls, lab: given.lab });
    }
    log.log(
      `Listening on ${await app.getUrl()} (agent card: /.well-known/agent-card.json, API: /docs${consoleUsers(environment) === 'nobody' ? '' : ', console: /console'})`,
    );
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

let listening: Listening = { HOST: '', PORT: 0 };

async function start(): Promise<void> {
  const environment = loadEnvironment();
  listening = { HOST: environment.HOST, PORT: environment.PORT };
  await boot(environment);
}

start().catch((error: unknown) => {
  log.fatal(bootFailure(error, listening) ?? error);
  process.exit(1);
});
