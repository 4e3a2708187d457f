const MAX_PEERS = 1_000;

/** The other processes on the bus. Each is known until it has been silent for a while. */
export class BusPeers {
  readonly #heard = new Map<string, number>();
  #newest = -Infinity;

  /** `expiryMs`: how long a silent process counts as present. `now`: a monotonic clock, in ms. */
  constructor(
    private readonly expiryMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether any other process would receive a message. */
  get any(): boolean {
    return this.now() - this.#newest < this.expiryMs;
  }

  /** Records a message of this process. True: it was not known before. */
  note(peer: string): boolean {
    const now = this.now();
    const last = this.#heard.get(peer);
    // Reinserted as the last key of the map: the first keys have been silent the longest.
    this.#heard.delete(peer);
    this.#heard.set(peer, now);
    this.#newest = now;
    for (const [oldest, heard] of this.#heard) {
      if (now - heard < this.expiryMs && this.#heard.size <= MAX_PEERS) break;
      this.#heard.delete(oldest);
    }
    return last === undefined || now - last >= this.expiryMs;
  }

  /** The process left. */
  forget(peer: string): void {
    this.#heard.delete(peer);
    this.#newest = Math.max(-Infinity, ...this.#heard.values());
  }
}
