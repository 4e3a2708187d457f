import pg from 'pg';

/** How long a server has to close a connection that was ended, in ms. */
const END_LIMIT_MS = 1_000;

/** A connection whose end does not wait for a server that says nothing, as that of `pg` does. */
export class DatabaseClient extends pg.Client {
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
