import pg from 'pg';

type Callback = (error: Error | undefined, result?: unknown) => void;
type Send = (this: pg.Client, ...args: unknown[]) => unknown;

/** `before`: the server never hears of the statement; `behind`: what it leads to is committed, and nobody is told. */
export type LossAt = 'before' | 'behind';

/**
 * Sees each statement that this process sends to Postgres, and loses the connection at one that a test names. A statement is named
 * by its text; those that are the same in every transaction, by the statement before as well.
 */
export class AnswerLoss {
  readonly #original = pg.Client.prototype.query as Send;
  readonly #exempt = new WeakSet<pg.Client>();
  readonly #last = new WeakMap<pg.Client, string>();
  #seen: string[] = [];
  #armed?: { readonly name: string; readonly at: LossAt };

  install(): void {
    const send = (client: pg.Client, args: unknown[]): unknown => this.#send(client, args);
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
      return send(this, args);
    } as typeof pg.Client.prototype.query;
  }

  uninstall(): void {
    pg.Client.prototype.query = this.#original as typeof pg.Client.prototype.query;
  }

  /** A connection of the test's own. */
  exempt(client: pg.Client): void {
    this.#exempt.add(client);
  }

  /** Names of the statements that were sent since it was last asked. */
  takeSeen(): Set<string> {
    const seen = new Set(this.#seen);
    this.#seen = [];
    return seen;
  }

  /** The next statement of this name is lost. */
  arm(name: string, at: LossAt): void {
    this.#armed = { name, at };
  }

  /** Nothing is lost any more. False: what was to be lost has been. */
  disarm(): boolean {
    const armed = this.#armed !== undefined;
    this.#armed = undefined;
    return armed;
  }

  #send(client: pg.Client, args: unknown[]): unknown {
    const text = textOf(args[0]);
    if (text === undefined || this.#exempt.has(client)) return this.#original.apply(client, args);
    const last = this.#last.get(client) ?? '';
    const name = /^(begin|commit|rollback)/.test(text) ? `${text} after ${last}` : text;
    this.#last.set(client, text.startsWith('begin') ? '' : text);
    this.#seen.push(name);
    if (this.#armed?.name !== name) return this.#original.apply(client, args);
    const { at } = this.#armed;
    this.#armed = undefined;
    if (at === 'behind') return this.#loseAnswer(client, args);
    cut(client);
    return this.#original.apply(client, args);
  }

  #loseAnswer(client: pg.Client, args: unknown[]): unknown {
    const lost = (): Error => {
      cut(client);
      return new Error('Connection terminated unexpectedly');
    };
    const index = args.findIndex((arg) => typeof arg === 'function');
    if (index < 0) {
      const answer = this.#original.apply(client, args) as Promise<unknown>;
      return answer.then(() => Promise.reject(lost()));
    }
    const callback = args[index] as Callback;
    const replaced = args.with(index, () => callback(lost()));
    return this.#original.apply(client, replaced);
  }
}

function textOf(query: unknown): string | undefined {
  const text = typeof query === 'string' ? query : (query as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' ? text.replace(/\s+/g, ' ').trim() : undefined;
}

function cut(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
