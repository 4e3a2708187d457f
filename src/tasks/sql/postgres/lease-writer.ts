import type { PoolConfig } from 'pg';
import { renewReplica } from '../core/replica-registry.js';
import type { Sql } from '../core/sql.js';
import type { LeaseConnection } from '../../lease-connection.interface.js';
import { storageError } from './pg-errors.js';
import { postgresDialect } from './postgres.dialect.js';
import { WriterConnection } from './writer-connection.js';

/** A renewal must fail early enough for another try. These statements change one row and wait for no lock. */
const STATEMENT_TIMEOUT_MS = 5_000;

/** When a separate thread renews the lease, this connection is used only at the start and at the end, and does not stay open. */
const IDLE_MS = 30_000;

/** Writes leases over a connection of its own, so that a busy pool does not delay them. */
export class LeaseWriter implements LeaseConnection {
  readonly #connection: WriterConnection;
  #idle?: NodeJS.Timeout;
  /** Settles when nothing is in progress. A caller that stopped waiting for an answer queues its next call behind that one. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: PoolConfig) {
    this.#connection = new WriterConnection(connection, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  }

  async renew(id: string, leaseMs: number): Promise<boolean> {
    return (await this.run(renewReplica(id, leaseMs))) > 0;
  }

  /** Returns how many rows matched. */
  async run(statement: Sql): Promise<number> {
    clearTimeout(this.#idle);
    const { text, values } = statement.compile(postgresDialect);
    const answer = this.#last.then(() => this.#connection.send({ text, values }));
    this.#last = answer.catch(() => undefined);
    try {
      return (await answer).rowCount ?? 0;
    } catch (error) {
      throw storageError(error);
    } finally {
      this.#idle = setTimeout(() => void this.#connection.close().catch(() => undefined), IDLE_MS).unref();
    }
  }

  close(): Promise<void> {
    clearTimeout(this.#idle);
    return this.#connection.close();
  }
}
