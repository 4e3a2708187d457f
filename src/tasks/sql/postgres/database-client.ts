import pg from 'pg';
import { type SessionSettings, prepareSession } from './session-settings.js';

/** How long a server may take to close a connection that was ended, in ms. */
const END_LIMIT_MS = 1_000;

export interface DatabaseClientConfig extends pg.ClientConfig {
  /** Settings for the session that replace those in `SESSION`. */
  readonly session?: SessionSettings;
}

/** The config of a connection besides a pool. Copying a pool's options loses the password, which the pool hides. */
export function connectionConfig<T extends DatabaseClientConfig>(options: T): T {
  return { ...options, ...(options.password !== undefined && { password: options.password }) };
}

/**
 * The class of every connection to Postgres. It has an error listener for its whole life: a server may terminate a connection at
 * any moment, even in the packet that makes the connection ready, and an `error` event without a listener ends the process. The
 * user of the connection gets the error from its statement. The connection is ready once its session settings are applied. Unlike
 * `end` of `pg`, its `end` does not wait for a server that does not respond.
 */
export class DatabaseClient extends pg.Client {
  readonly #session: SessionSettings | undefined;

  constructor(config?: string | DatabaseClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const { session, password } = typeof config === 'object' ? config : {};
    this.#session = session;
    // The settings of a URL would replace this, even if it sets none. pg calls it when the connection is made.
    if (typeof password === 'function') Object.assign(this, { password });
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | void {
    const ready = super.connect().then(() => prepareSession(this, this.#session));
    if (!callback) return ready.then(() => this);
    // `pg` passes null on success.
    const connected = callback as (error: Error | null) => void;
    ready.then(
      () => connected(null),
      (error: Error) => {
        this.cut();
        connected(error);
      },
    );
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const limit = setTimeout(() => this.cut(), END_LIMIT_MS).unref();
    this.once('end', () => clearTimeout(limit));
    return callback ? super.end(callback) : super.end();
  }

  /** Breaks the connection; a statement in flight fails immediately. */
  cut(): void {
    (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }
}
