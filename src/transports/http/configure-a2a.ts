import type { HttpServer, INestApplication } from '@nestjs/common';
import type { Server } from 'node:http';
import { LIMITS_OPTIONS, type LimitsOptions } from '../../common/limits.options.js';
import { isA2aPath, readEscapedColons } from './a2a-paths.js';
import { shareExpressShapes } from './express.shapes.js';
import { configuredApp, rememberApp } from './configured-apps.js';
import { leaveBodiesOnExpress, leaveBodiesOnFastify } from './body-parsers.js';
import { HTTP_TRANSPORT_OPTIONS, normalizePath, type HttpTransportOptions } from './http-transport.options.js';
import { setServerTimeouts } from './server-timeouts.js';

/** Settings of the application that are not in Nest's types. */
interface AppInternals {
  readonly appOptions?: { readonly bodyParser?: boolean; readonly rawBody?: boolean };
  readonly config?: { getGlobalPrefix(): string };
}

const HOW = `  const app = await NestFactory.create(AppModule, { bodyParser: false });\n  configureA2a(app);`;

/**
 * Prepares an application for the routes of A2A, which read request bodies themselves, with their own limit and errors.
 * All other paths get the parsers that Nest would have registered (JSON and urlencoded, `rawBody` included). Call it once,
 * right after `NestFactory.create(AppModule, { bodyParser: false })`, with platform-express or platform-fastify. Do not call
 * `app.useBodyParser()`: it knows no paths. For another limit elsewhere give `app.use('/mine', express.json({ limit }))`
 * before this call, or Fastify's `bodyLimit`.
 *
 * It also sets the server's `keepAliveTimeout` and `headersTimeout`, unless the application has; set them after this call for
 * others. On Express it also gives each request and response the fields that Express adds later, so that the engine can share
 * their hidden classes: all routes of the application are served in less time.
 *
 * @throws Error when the application was created without `bodyParser: false`, is initialised already, or uses another
 * HTTP adapter.
 */
export function configureA2a<T extends INestApplication>(app: T): T {
  const adapter = app.getHttpAdapter() as HttpServer;
  if (configuredApp(adapter) !== undefined) return app;
  const { appOptions, config } = app as unknown as AppInternals;
  if (appOptions?.bodyParser !== false) {
    throw new Error(
      `configureA2a: the application parses bodies before A2A can read them. Create it like this:\n${HOW}`,
    );
  }
  const options = app.get<HttpTransportOptions>(HTTP_TRANSPORT_OPTIONS, { strict: false });
  const globalPrefix = (): string => normalizePath(config?.getGlobalPrefix() ?? '');
  let base: string | undefined;
  const ours = (url: string): boolean => isA2aPath(url, (base ??= globalPrefix() + options.path), options.bindings);
  const rawBody = appOptions.rawBody === true;
  switch (adapter.getType()) {
    case 'express':
      leaveBodiesOnExpress(adapter, ours, rawBody);
      shareExpressShapes(adapter.getHttpServer() as Server);
      break;
    case 'fastify':
      leaveBodiesOnFastify(adapter, ours, rawBody);
      // For an adapter that was chosen after the modules were created, as in tests.
      readEscapedColons(adapter);
      break;
    default:
      throw new Error(
        `configureA2a: HTTP adapter '${adapter.getType()}' is not supported. Use platform-express or platform-fastify.`,
      );
  }
  const limits = app.get<LimitsOptions>(LIMITS_OPTIONS, { strict: false });
  setServerTimeouts(adapter.getHttpServer() as Partial<Server>, options.keepAliveTimeoutMs, limits);
  rememberApp(adapter, { globalPrefix });
  return app;
}

/** The error if `configureA2a` was not called. */
export const NOT_CONFIGURED = `A2aModule: the application is not configured for A2A. Before listen() or init():\n${HOW}`;
