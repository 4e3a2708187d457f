/** How many calls of each host are under way; a host's slots are limited. */
export class HostSlots {
  readonly #used = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /** False: all slots of the host are taken. */
  take(host: string): boolean {
    const used = this.#used.get(host) ?? 0;
    if (used >= this.limit) return false;
    this.#used.set(host, used + 1);
    return true;
  }

  free(host: string): void {
    const used = this.#used.get(host) ?? 0;
    if (used > 1) this.#used.set(host, used - 1);
    else this.#used.delete(host);
  }
}
