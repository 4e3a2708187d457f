import type { ExecutionLimits } from '../execution.options.js';
import type { Turn } from './turn.js';
import { outcomeFromAbort } from './turn-outcome.js';

type Limits = Pick<ExecutionLimits, 'deadlineMs' | 'idleMs'>;

/** Ends a turn that takes too long, in all or since its last event. */
export class TurnDeadlines {
  readonly #total: NodeJS.Timeout;
  #idle?: NodeJS.Timeout;

  /** The agent's own limits take precedence. */
  constructor(
    private readonly turn: Turn,
    own: Partial<Limits>,
    limits: Limits,
  ) {
    const abort = (): void => turn.abort('deadline', outcomeFromAbort('deadline'));
    this.#total = setTimeout(abort, own.deadlineMs ?? limits.deadlineMs).unref();
    const idleMs = own.idleMs ?? limits.idleMs;
    if (idleMs > 0) this.#watch(idleMs, idleMs);
  }

  clear(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#idle);
  }

  /** One timer for many events: it checks when the last one was. */
  #watch(idleMs: number, delay: number): void {
    this.#idle = setTimeout(() => {
      const left = idleMs - this.turn.idleMs;
      if (left > 0) this.#watch(idleMs, Math.ceil(left));
      else this.turn.abort('idle-deadline', outcomeFromAbort('idle-deadline'));
    }, delay).unref();
  }
}
