import pg from 'pg';
import { type SessionSettings, prepareSession } from './session-settings.js';

/** How long a server has to close a connection that was ended, in ms. */
const END_LIMIT_MS = 1_000;

export interface DatabaseClientConfig extends pg.ClientConfig {
  /** What the connection begins with instead of what `SESSION` says. */
  readonly session?: SessionSettings;
}

/** What a connection beside a pool is made with: a pool hides its password from those who copy its options. */
export function connectionConfig<T extends DatabaseClientConfig>(options: T): T {
  return { ...options, ...(options.password !== undefined && { password: options.password }) };
}

/**
 * Every connection to Postgres. It has a listener for errors from its first moment to its last: a server that ends a connection
 * says so at any moment, also in the same packet that makes the connection ready, and an `error` event without a listener ends
 * the process. What needs the connection learns of it by its statement. It is ready when its session settings are made. Its end
 * does not wait for a server that says nothing, as that of `pg` does.
 */
export class DatabaseClient extends pg.Client {
  readonly #session: SessionSettings | undefined;

  constructor(config?: string | DatabaseClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const { session, password } = typeof config === 'object' ? config : {};
    this.#session = session;
    // A URL would replace it by its own, also by none. pg calls it when the connection is made.
    if (typeof password === 'function') Object.assign(this, { password });
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | void {
    const ready = super.connect().then(() => prepareSession(this, this.#session));
    if (!callback) return ready.then(() => this);
    // `pg` gives null when all went well.
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

  /** Breaks the connection off; a statement in flight fails at once. */
  cut(): void {
    (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }
}
