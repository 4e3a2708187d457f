import type { HttpServer } from '@nestjs/common';

/** What `configureA2a` stores for the other transports, by HTTP adapter. */
export interface ConfiguredApp {
  /** With a leading and without a trailing slash, or ''. Evaluated late: it may be set after `configureA2a`. */
  readonly globalPrefix: () => string;
}

const APPS = new WeakMap<object, ConfiguredApp>();

export const rememberApp = (adapter: HttpServer, app: ConfiguredApp): void => void APPS.set(adapter, app);
export const configuredApp = (adapter: HttpServer | undefined): ConfiguredApp | undefined =>
  adapter === undefined ? undefined : APPS.get(adapter);
