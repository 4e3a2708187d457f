import type { ChooseDue, DueDelivery } from './outbox.interface.js';

/** How many due deliveries one page holds. */
export const DUE_PAGE = 500;
/** The most pages that one scan reads. The next scan continues after them. */
const MAX_PAGES = 20;

export interface DuePage<D extends DueDelivery, C> {
  readonly due: readonly D[];
  /** Where the next page starts; undefined: this is the last page. */
  readonly next?: C | undefined;
}

/**
 * Reads pages of due deliveries until enough are chosen or all were read. It remembers where it stopped, so deliveries that one
 * scan passes over never hide the ones after them.
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
    // A scan that started in the middle has not read the first pages.
    if (chosen.length === 0 && !wholeRound && from === undefined) return this.choose(limit, choose);
    return chosen;
  }
}

/** Keeps the order in which they are due. */
export const firstDue: ChooseDue = (due) => due;
