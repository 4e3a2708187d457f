import type { HttpServer, INestApplication } from '@nestjs/common';
import { isPrepared } from './http-setup.js';

/** Settings of the application that are not in Nest's types. */
interface AppInternals {
  readonly appOptions?: { readonly bodyParser?: boolean; readonly rawBody?: boolean };
}

/**
 * Not needed any more: `A2aModule` prepares the application by itself. It remains for applications that were created with
 * `{ bodyParser: false }` and rely on it: it registers Nest's own parsers for their other routes.
 *
 * @throws Error if the application does not import `A2aModule`
 * @deprecated Leave it out, and `bodyParser: false` too.
 */
export function configureA2a<T extends INestApplication>(app: T): T {
  // Not by app.get(), which ends the process when it finds nothing.
  if (!isPrepared(app.getHttpAdapter() as HttpServer)) {
    throw new Error(
      'configureA2a: this application does not import A2aModule. Add A2aModule.forRoot() to the imports of its module; the call itself is not needed.',
    );
  }
  const { appOptions } = app as unknown as AppInternals;
  if (appOptions?.bodyParser === false) {
    (app.getHttpAdapter() as HttpServer).registerParserMiddleware('', appOptions.rawBody === true);
  }
  return app;
}
