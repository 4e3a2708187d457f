import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { backoffDelay } from '../../../common/backoff.js';
import { Mutex } from '../../../common/mutex.js';
import { DEFAULT_POOL_SIZE } from '../../pool-size.js';
import type { SqlDialect } from './dialect.interface.js';
import { isAnswer, isConflict, isTimeout, storageError } from './driver-errors.js';
import { RowGate } from './row-gate.js';
import { RunnerSession } from './runner.session.js';
import type { Sql } from './sql.js';
import type { SqlDatabase, SqlSession } from './sql-database.interface.js';
import { UNCOMMITTED_RETRIES, UncommittedError } from './uncommitted.error.js';

/** How long to retry work that conflicts with other transactions, in ms. */
const CONFLICTS_FOR_MS = 10_000;
const BACKOFF = { firstMs: 3, maxMs: 75 };

/** The connections of a TypeORM DataSource of MySQL, MariaDB or SQLite. */
export class RunnerDatabase implements SqlDatabase {
  /** For the single connection of SQLite. */
  readonly #mutex = new Mutex();
  readonly #gate: RowGate;

  constructor(
    readonly dataSource: DataSource,
    readonly dialect: SqlDialect,
    private readonly maxPacket = Infinity,
  ) {
    this.#gate = RowGate.ofPool(Number(dataSource.options.poolSize ?? DEFAULT_POOL_SIZE));
  }

  query<R extends object>(statement: Sql): Promise<R[]> {
    return this.#retried(false, (session) => session.query<R>(statement));
  }

  run(statement: Sql): Promise<number> {
    return this.#retried(false, (session) => session.run(statement));
  }

  write<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.#retried(true, work);
  }

  writeTask<T>(taskId: string, work: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.dialect.single ? this.write(work) : this.#gate.runExclusive(taskId, () => this.write(work));
  }

  async #retried<T>(transaction: boolean, work: (session: SqlSession) => Promise<T>): Promise<T> {
    const until = performance.now() + CONFLICTS_FOR_MS;
    let [conflicts, losses] = [0, 0];
    for (;;) {
      try {
        return await (this.dialect.single
          ? this.#mutex.runExclusive(() => this.#once(transaction, work))
          : this.#once(transaction, work));
      } catch (error) {
        const lost = error instanceof UncommittedError;
        if (lost && losses++ < UNCOMMITTED_RETRIES) continue;
        if (!isConflict(error) || performance.now() > until) throw storageError(lost ? error.cause : error);
        await sleep(backoffDelay(conflicts++, BACKOFF));
      }
    }
  }

  async #once<T>(transaction: boolean, work: (session: SqlSession) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    let begun = false;
    let committing = false;
    try {
      if (transaction) {
        await runner.query(this.dialect.single ? 'begin immediate' : 'start transaction');
        begun = true;
      }
      const result = await work(new RunnerSession(runner, this.dialect, this.maxPacket));
      committing = true;
      if (begun) await runner.query('commit');
      return result;
    } catch (error) {
      await this.#abandon(runner, begun, error);
      if (transaction && !committing && !this.#isSound(error) && !isTimeout(error)) throw new UncommittedError(error);
      throw error;
    } finally {
      await this.#release(runner);
    }
  }

  /** Otherwise the server did not answer: the next statement would wait for whatever is still on its way. */
  #isSound(error: unknown): boolean {
    return this.dialect.single || isAnswer(error) || !isDriverError(error);
  }

  async #abandon(runner: QueryRunner, begun: boolean, error: unknown): Promise<void> {
    const sound = this.#isSound(error);
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
