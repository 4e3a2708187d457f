import type { RequestContext } from 'nest-a2a';

const MAX_CONVERSATIONS = 1000;

/** The newest conversations, in memory: they are lost at a restart, and other replicas do not have them. */
export class Conversations<T> {
  readonly #all = new Map<string, T>();

  constructor(private readonly create: () => T) {}

  of({ contextKey: id }: RequestContext): T {
    const found = this.#all.get(id) ?? this.create();
    this.#all.delete(id);
    this.#all.set(id, found);
    const [oldest] = this.#all.keys();
    if (this.#all.size > MAX_CONVERSATIONS && oldest !== undefined) this.#all.delete(oldest);
    return found;
  }
}
