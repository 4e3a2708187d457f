import type { PoolConfig } from 'pg';
import { storageError } from './pg-errors.js';
import { WriterConnection } from './writer-connection.js';

/** A renewal must fail while there is time for another: these statements change one row and wait for nobody. */
const STATEMENT_TIMEOUT_MS = 5_000;

/** Rows of replicas that died long ago go with the next one that comes; an absent replica counts as dead anyway. */
const REGISTER = `
with swept as (delete from a2a_replica where lease_until < now() - interval '1 day' and id <> $1)
insert into a2a_replica (id, lease_until) values ($1, now() + $2::float8 * interval '1 ms')
on conflict (id) do update set lease_until = excluded.lease_until`;

const RENEW = `
update a2a_replica set lease_until = now() + $2::float8 * interval '1 ms'
where id = $1 and lease_until > now()
returning id`;

const REMOVE = `delete from a2a_replica where id = $1`;

/** The processes that run tasks, each alive until its lease is over. */
export class ReplicaRegistry {
  readonly #connection: WriterConnection;

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
    return this.#connection.close();
  }

  async #query(name: string, text: string, ...values: unknown[]): Promise<object[]> {
    try {
      return await this.#connection.query(name, text, values);
    } catch (error) {
      throw storageError(error);
    }
  }
}
