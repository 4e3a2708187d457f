import { SafeLogger } from '../../common/safe-logger.js';

/** Logs once that a server is unavailable, however many connections were lost, and once that all of them are restored. */
export class OutageLog {
  readonly #logger = new SafeLogger('Redis');
  readonly #away = new Set<object>();

  away(connection: object, error: Error): void {
    if (this.#away.size === 0) this.#logger.warn(`Task storage is unavailable: ${error.message}`);
    this.#away.add(connection);
  }

  back(connection: object): void {
    if (this.#away.delete(connection) && this.#away.size === 0) this.#logger.log('The storage of tasks is back.');
  }
}
