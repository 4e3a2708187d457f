import mysql from 'mysql2';
import { AnswerLoss, StatementNames, withCallback } from './answer-loss.js';

interface Connection {
  readonly stream: { destroy(): void };
}
type Send = (this: Connection, ...args: unknown[]) => unknown;

const { prototype } = (mysql as unknown as { Connection: { prototype: { query: Send } } }).Connection;

/** Loses connections to MySQL and MariaDB. */
export class MysqlLoss extends AnswerLoss {
  readonly #original = prototype.query;
  readonly #names = new StatementNames<Connection>();

  install(): void {
    const send = (connection: Connection, args: unknown[]): unknown => this.#send(connection, args);
    prototype.query = function (...args: unknown[]): unknown {
      return send(this, args);
    };
  }

  uninstall(): void {
    prototype.query = this.#original;
  }

  #send(connection: Connection, args: unknown[]): unknown {
    const [query] = args;
    const text = typeof query === 'string' ? query : (query as { sql?: string }).sql;
    if (text === undefined || text.startsWith('set session') || this.isExempt) {
      return this.#original.apply(connection, args);
    }
    const at = this.meet(shortened(this.#names.nameOf(connection, text)));
    if (at === 'before') connection.stream.destroy();
    const lost =
      at === 'behind' &&
      withCallback(args, (callback) => () => {
        connection.stream.destroy();
        const error = new Error('Connection lost: The server closed the connection.');
        callback(Object.assign(error, { fatal: true, code: 'PROTOCOL_CONNECTION_LOST' }));
      });
    return this.#original.apply(connection, lost || args);
  }
}

/** A list of values is one name, however long it is. */
const shortened = (text: string): string =>
  text
    .replace(/\?(?:, ?\?)+/g, '?')
    .replace(/(?: when \? then \?)+/g, ' when ? then ?')
    .replace(/(values \(\?.*?\))(?:, ?\(\?.*)/, '$1');
