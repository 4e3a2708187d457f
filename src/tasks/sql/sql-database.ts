import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { isAnswer, isConflict, storageError } from './sql-errors.js';
import type { SqlDialect } from './sql-dialect.js';
import { SqlSession, type SqlValue } from './sql-session.js';
import { backoffDelay } from '../../common/backoff.js';
import { Mutex } from '../../common/mutex.js';

/** How long to retry work that conflicts with other transactions, in ms. */
const CONFLICTS_FOR_MS = 10_000;
const BACKOFF = { firstMs: 3, maxMs: 75 };

/** The connections of a TypeORM DataSource. Throws A2AError UNAVAILABLE while the database is unavailable. */
export class SqlDatabase {
  readonly #mutex = new Mutex();

  constructor(
    readonly dataSource: DataSource,
    readonly dialect: SqlDialect,
    private readonly maxPacket = Infinity,
  ) {}

  /** One statement. */
  query<R extends object>(sql: string, values?: readonly SqlValue[]): Promise<R[]> {
    return this.read((session) => session.query<R>(sql, values));
  }

  /** Statements that need no common snapshot. */
  read<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.#retried([], work);
  }

  /** Statements that share one snapshot of the database. */
  view<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.#retried(this.dialect.beginView, work);
  }

  /** A transaction. Runs `work` again after a deadlock, and when another process was writing. */
  write<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.#retried([this.dialect.begin], work);
  }

  async #retried<T>(begin: readonly string[], work: (session: SqlSession) => Promise<T>): Promise<T> {
    const until = performance.now() + CONFLICTS_FOR_MS;
    for (let failures = 0; ; failures++) {
      try {
        return await (this.dialect.single
          ? this.#mutex.runExclusive(() => this.#once(begin, work))
          : this.#once(begin, work));
      } catch (error) {
        if (!isConflict(error) || performance.now() > until) throw storageError(error);
        await sleep(backoffDelay(failures, BACKOFF));
      }
    }
  }

  async #once<T>(begin: readonly string[], work: (session: SqlSession) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    let begun = false;
    try {
      for (const statement of begin) {
        await runner.query(statement);
        begun = true;
      }
      const result = await work(new SqlSession(runner, this.dialect, this.maxPacket));
      if (begun) await runner.query('commit');
      return result;
    } catch (error) {
      await this.#abandon(runner, begun, error);
      throw error;
    } finally {
      await this.#release(runner);
    }
  }

  async #abandon(runner: QueryRunner, begun: boolean, error: unknown): Promise<void> {
    // The server did not answer: the next statement would wait for whatever is still on its way.
    const sound = this.dialect.single || isAnswer(error) || !isDriverError(error);
    const rolledBack = !sound || !begun || (await runner.query('rollback').then(...OUTCOME));
    if (this.dialect.single || (sound && rolledBack)) return;
    await cut(runner);
  }

  /** The single connection of SQLite has one runner, which stays. */
  async #release(runner: QueryRunner): Promise<void> {
    if (!this.dialect.single) await runner.release();
  }
}

const OUTCOME = [() => true, () => false] as const;

const isDriverError = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'QueryFailedError' || 'code' in error);

/** Closes a connection of the pool instead of returning it. */
async function cut(runner: QueryRunner): Promise<void> {
  const connection = (await runner.connect().catch(() => undefined)) as { destroy?(): void } | undefined;
  connection?.destroy?.();
}
