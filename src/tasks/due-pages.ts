import type { ChooseDue, DueDelivery } from './outbox.interface.js';

/** How many due deliveries are looked at together. */
export const DUE_PAGE = 500;
/** Pages that one look reads at most; the next goes on behind them. */
const MAX_PAGES = 20;

export interface DuePage<D extends DueDelivery, C> {
  readonly due: readonly D[];
  /** Where the next page begins; undefined: there is none. */
  readonly next?: C | undefined;
}

/**
 * Reads pages of due deliveries until so many are chosen as are wanted, or all were looked at. It remembers where it broke off, so
 * that what is passed over in each look hides nothing behind it.
 */
export class DuePages<D extends DueDelivery, C> {
  #from: C | undefined;

  constructor(private readonly read: (from: C | undefined) => Promise<DuePage<D, C>>) {}

  async choose(limit: number, choose: ChooseDue): Promise<D[]> {
    const chosen: D[] = [];
    let from = this.#from;
    const wholeRound = from === undefined;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const { due, next } = await this.read(from);
      chosen.push(...choose(due).slice(0, limit - chosen.length));
      from = next;
      if (chosen.length >= limit || next === undefined) break;
    }
    this.#from = from;
    // A look that began in the middle has not seen the beginning.
    if (chosen.length === 0 && !wholeRound && from === undefined) return this.choose(limit, choose);
    return chosen;
  }
}

/** The order in which they are due. */
export const firstDue: ChooseDue = (due) => due;
