import type { PoolConfig } from 'pg';
import { storageError } from './pg-errors.js';
import { WriterConnection } from './writer-connection.js';

/** A renewal must fail early enough for another try. These statements change one row and wait for no lock. */
const STATEMENT_TIMEOUT_MS = 5_000;

/** When a separate thread renews the lease, this connection is used only at the start and at the end, and does not stay open. */
const IDLE_MS = 30_000;

/** `lease_until` differs with each renewal, and other replicas compare it. Older versions compare it with their `now()`. */
const REGISTER = `
insert into a2a_replica (id, lease_until, lease_ms) values ($1, now() + $2::float8 * interval '1 ms', $2)
on conflict (id) do update set lease_until = excluded.lease_until, lease_ms = excluded.lease_ms`;

const RENEW = `
update a2a_replica set lease_until = now() + $2::float8 * interval '1 ms', lease_ms = $2
where id = $1
returning id`;

const REMOVE = `delete from a2a_replica where id = $1`;

/** Writes leases over a connection of its own, so that a busy pool does not delay them. */
export class LeaseWriter {
  readonly #connection: WriterConnection;
  #idle?: NodeJS.Timeout;
  /** Settles when nothing is in progress. A caller that stopped waiting for an answer queues its next call behind that one. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: PoolConfig) {
    this.#connection = new WriterConnection(connection, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  }

  async register(id: string, leaseMs: number): Promise<void> {
    await this.#query('a2a_register', REGISTER, id, leaseMs);
  }

  async renew(id: string, leaseMs: number): Promise<boolean> {
    return (await this.#query('a2a_renew', RENEW, id, leaseMs)).length > 0;
  }

  async remove(id: string): Promise<void> {
    await this.#query('a2a_remove', REMOVE, id);
  }

  close(): Promise<void> {
    clearTimeout(this.#idle);
    return this.#connection.close();
  }

  async #query(name: string, text: string, ...values: unknown[]): Promise<object[]> {
    clearTimeout(this.#idle);
    const answer = this.#last.then(() => this.#connection.query<object>(name, text, values));
    this.#last = answer.catch(() => undefined);
    try {
      return await answer;
    } catch (error) {
      throw storageError(error);
    } finally {
      this.#idle = setTimeout(() => void this.#connection.close().catch(() => undefined), IDLE_MS).unref();
    }
  }
}
