const MAX_PEERS = 1_000;

/** The other processes on the bus, each known until it says nothing for a while. */
export class BusPeers {
  readonly #heard = new Map<string, number>();
  #newest = -Infinity;

  /** `expiryMs`: how long a silent one counts as there. `now`: a clock in ms that only goes forward. */
  constructor(
    private readonly expiryMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether anybody would hear. */
  get any(): boolean {
    return this.now() - this.#newest < this.expiryMs;
  }

  /** It was heard. True: it was not known. */
  note(peer: string): boolean {
    const now = this.now();
    const last = this.#heard.get(peer);
    // Last in the order of the map: those in front were silent the longest.
    this.#heard.delete(peer);
    this.#heard.set(peer, now);
    this.#newest = now;
    for (const [oldest, heard] of this.#heard) {
      if (now - heard < this.expiryMs && this.#heard.size <= MAX_PEERS) break;
      this.#heard.delete(oldest);
    }
    return last === undefined || now - last >= this.expiryMs;
  }

  /** It left. */
  forget(peer: string): void {
    this.#heard.delete(peer);
    this.#newest = Math.max(-Infinity, ...this.#heard.values());
  }
}
