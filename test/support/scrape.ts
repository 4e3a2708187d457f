/** The samples of metrics in the text format of Prometheus. */
export class Scrape {
  private constructor(
    readonly text: string,
    private readonly samples: ReadonlyMap<string, number>,
  ) {}

  static of(text: string): Scrape {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Scrape(
      text,
      new Map(
        lines.map((line) => {
          const at = line.lastIndexOf(' ');
          return [line.slice(0, at), Number(line.slice(at + 1))];
        }),
      ),
    );
  }

  static async from(url: string, headers: Record<string, string> = {}): Promise<Scrape> {
    const response = await fetch(url, { headers });
    if (!response.ok) throw new Error(`The scrape has HTTP status ${response.status}.`);
    return Scrape.of(await response.text());
  }

  /** The sum over all series of the sample that have these labels. undefined: there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const found = [...this.samples].filter(([key]) => {
      const [own = '', rest = ''] = key.split('{');
      const given = rest.slice(0, -1).split(',');
      return own === name && wanted.every((label) => given.includes(label));
    });
    return found.length === 0 ? undefined : found.reduce((sum, [, value]) => sum + value, 0);
  }

  /** The names of the metrics, as their descriptions give them. */
  get names(): string[] {
    return [...this.text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
  }

  /** The names of the samples: of a histogram `_bucket`, `_sum` and `_count`. */
  get sampleNames(): Set<string> {
    return new Set([...this.samples.keys()].map((key) => key.split('{')[0]!));
  }
}
