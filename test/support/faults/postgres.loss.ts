import pg from 'pg';
import { AnswerLoss, StatementNames, withCallback } from './answer-loss.js';

type Send = (this: pg.Client, ...args: unknown[]) => unknown;

/** Loses connections to Postgres. */
export class PostgresLoss extends AnswerLoss {
  readonly #original = pg.Client.prototype.query as Send;
  readonly #names = new StatementNames<pg.Client>();

  install(): void {
    const send = (client: pg.Client, args: unknown[]): unknown => this.#send(client, args);
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
      return send(this, args);
    } as typeof pg.Client.prototype.query;
  }

  uninstall(): void {
    pg.Client.prototype.query = this.#original as typeof pg.Client.prototype.query;
  }

  #send(client: pg.Client, args: unknown[]): unknown {
    const text = textOf(args[0]);
    if (text === undefined || this.isExempt) return this.#original.apply(client, args);
    const at = this.meet(this.#names.nameOf(client, text));
    if (at === 'behind') return this.#loseAnswer(client, args);
    if (at === 'before') cut(client);
    return this.#original.apply(client, args);
  }

  #loseAnswer(client: pg.Client, args: unknown[]): unknown {
    const lost = (): Error => {
      cut(client);
      return new Error('Connection terminated unexpectedly');
    };
    const replaced = withCallback(args, (callback) => () => callback(lost()));
    if (replaced) return this.#original.apply(client, replaced);
    const answer = this.#original.apply(client, args) as Promise<unknown>;
    return answer.then(() => Promise.reject(lost()));
  }
}

function textOf(query: unknown): string | undefined {
  const text = typeof query === 'string' ? query : (query as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' ? text : undefined;
}

function cut(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
