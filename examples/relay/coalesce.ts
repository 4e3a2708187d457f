/**
 * Gives what has arrived since the last piece as one piece: a slow consumer gets fewer and longer ones, a fast one each as it
 * comes, and nothing waits for a timer. The source is read ahead up to about `limit` characters. Returns what the source
 * returns, throws what it throws after everything before that was given; a consumer that leaves ends the source.
 */
export async function* coalesce<R>(source: AsyncGenerator<string, R>, limit = 65_536): AsyncGenerator<string, R> {
  const gathered = new Gathered(limit);
  const reading = gathered.readFrom(source);
  try {
    for (let text = await gathered.take(); text !== undefined; text = await gathered.take()) yield text;
  } finally {
    gathered.close();
    // Not awaited: a source that waits for the network ends when its signal is aborted.
    source.return(undefined as R).catch(() => undefined);
  }
  return reading;
}

class Gathered {
  #text = '';
  #ended = false;
  #changed: () => void = () => undefined;

  constructor(private readonly limit: number) {}

  readFrom<R>(source: AsyncGenerator<string, R>): Promise<R> {
    const reading = this.#read(source).finally(() => this.close());
    reading.catch(() => undefined);
    return reading;
  }

  /** All that is there, at least one character; undefined at the end. */
  async take(): Promise<string | undefined> {
    while (this.#text === '' && !this.#ended) await this.#change();
    const text = this.#text;
    this.#text = '';
    this.#changed();
    return text === '' ? undefined : text;
  }

  close(): void {
    this.#ended = true;
    this.#changed();
  }

  async #read<R>(source: AsyncGenerator<string, R>): Promise<R> {
    for (;;) {
      const next = await source.next();
      if (next.done) return next.value;
      this.#text += next.value;
      this.#changed();
      while (this.#text.length >= this.limit && !this.#ended) await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => (this.#changed = resolve));
  }
}
