import type { INestApplication, Type } from '@nestjs/common';
import type { Server } from 'node:http';
import { AdminAudit } from '../../admin/access/admin-audit.js';
import { AdminAccess } from '../../admin/access/admin.access.js';
import { ADMIN_CONTROLLERS } from '../../admin/controllers/document.controller.js';
import { LIMITS_OPTIONS, type LimitsOptions } from '../../common/limits.options.js';
import { isLoopbackHost } from '../../common/loopback.js';
import { A2A_AUTHENTICATION, type Authentication } from '../../security/authentication/authentication.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../../transports/http/http-transport.options.js';
import { RouteLog } from '../../transports/http/route-log.js';
import { setServerTimeouts } from '../../transports/http/server-timeouts.js';
import type { Environment } from '../configuration/environment.js';
import type { HttpsListener } from '../http/https-listener.js';
import { serviceApplication } from '../http/service-application.js';
import { AdminApplicationModule } from './admin-application.module.js';
import { operatorAuthorization } from './operator.authorizer.js';
import { operatorsOnly } from './operators-only.js';

export interface AdminListenerOptions {
  readonly environment: Environment;
  /** The service is there for trials. Default false. */
  readonly lab?: boolean;
  /** Of operators. */
  readonly token?: string;
  /** Default: no TLS. */
  readonly tls?: HttpsListener;
  /** Adds what is no controller, before the application starts: pages of documentation. */
  readonly setUp?: (app: INestApplication) => Promise<void>;
}

/**
 * Starts a second HTTP server of the process, for operators, on ADMIN_HOST and ADMIN_PORT. `main` has started, and stays open until this
 * application is closed.
 */
export async function startAdmin(
  main: INestApplication,
  { environment, lab = false, token, tls, setUp }: AdminListenerOptions,
): Promise<INestApplication> {
  const {
    ADMIN_PORT = 0,
    ADMIN_HOST,
    A2A_ADMIN_ROLE: role,
    A2A_ADMIN_READ_ONLY: readOnly,
    A2A_TRACE_URL: traceUrl,
    HTTP_ADAPTER,
  } = environment;
  const options = {
    path: '',
    authorize: operatorAuthorization({ token, role, authentication: authenticationOf(main, role) }),
    readOnly,
    traceUrl,
    loopbackHostsOnly: isLoopbackHost(ADMIN_HOST),
  };
  const module = await AdminApplicationModule.register(main, options, lab);
  const routes = new RouteLog();
  const app = await serviceApplication(module, HTTP_ADAPTER, tls, { bodyParser: false });
  app.use(operatorsOnly(app.get(AdminAccess, { strict: false }), app.get(AdminAudit, { strict: false })));
  await setUp?.(app);
  const limits = main.get<LimitsOptions>(LIMITS_OPTIONS, { strict: false });
  const { keepAliveTimeoutMs } = main.get<HttpTransportOptions>(HTTP_TRANSPORT_OPTIONS, { strict: false });
  const server = app.getHttpServer() as Server;
  setServerTimeouts(server, keepAliveTimeoutMs, limits);
  server.requestTimeout = limits.requestTimeoutMs;
  // docs/admin-api.md lists the routes.
  routes.begin(new Set(app.get<Type[]>(ADMIN_CONTROLLERS, { strict: false }).map(({ name }) => name)), () => true);
  try {
    await app.listen(ADMIN_PORT, ADMIN_HOST);
  } finally {
    routes.end();
  }
  return app;
}

/** Of the agents' callers, if their roles matter. */
const authenticationOf = (main: INestApplication, role: string | undefined): Authentication | undefined =>
  role === undefined ? undefined : main.get<Authentication>(A2A_AUTHENTICATION, { strict: false });
