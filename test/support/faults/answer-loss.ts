import { AsyncLocalStorage } from 'node:async_hooks';

/** `before`: the server never hears of the statement; `behind`: what it leads to is committed, and nobody is told. */
export type LossAt = 'before' | 'behind';

/** Sees each statement that this process sends to a storage, and loses the connection at one that a test names. */
export abstract class AnswerLoss {
  readonly #exempt = new AsyncLocalStorage<true>();
  #seen: string[] = [];
  #armed?: { readonly name: string; readonly at: LossAt };

  /** From here on the driver's statements are seen. */
  abstract install(): void;
  abstract uninstall(): void;

  /** Runs what is the test's own: its statements are neither seen nor lost. */
  without<T>(work: () => Promise<T>): Promise<T> {
    return this.#exempt.run(true, work);
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

  protected get isExempt(): boolean {
    return this.#exempt.getStore() ?? false;
  }

  /** A statement is about to be sent. Where it is to be lost; undefined: nowhere. */
  protected meet(name: string): LossAt | undefined {
    this.#seen.push(name);
    if (this.#armed?.name !== name) return undefined;
    const { at } = this.#armed;
    this.#armed = undefined;
    return at;
  }
}

const BEGIN = /^(begin|start transaction)/;

/** The name of a statement: its text; of what ends a transaction, the statement before as well. */
export class StatementNames<Connection extends object> {
  readonly #last = new WeakMap<Connection, string>();

  nameOf(connection: Connection, statement: string): string {
    const text = statement.replace(/\s+/g, ' ').trim();
    const last = this.#last.get(connection) ?? '';
    this.#last.set(connection, BEGIN.test(text) ? '' : text);
    return /^(commit|rollback)/.test(text) ? `${text} after ${last}` : text;
  }
}

/** A callback as the last argument of a call, replaced; undefined: there is none. */
export function withCallback(
  args: readonly unknown[],
  replace: (callback: (error: Error) => void) => () => void,
): unknown[] | undefined {
  const index = args.findIndex((arg) => typeof arg === 'function');
  return index < 0 ? undefined : args.with(index, replace(args[index] as (error: Error) => void));
}
