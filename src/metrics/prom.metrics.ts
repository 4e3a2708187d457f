import {
  type CounterName,
  type HistogramName,
  type Instrument,
  INSTRUMENTS,
  type LabelValues,
} from '../common/metrics/instruments.js';
import type { Metrics } from '../common/metrics/metrics.interface.js';
import type { PromClient, PromRegistry } from './load-prom-client.js';

type Labels = readonly string[];

/** Counts of one counter that its series of prom-client does not have yet. */
interface Counted {
  added: number;
  readonly inc: (value: number) => void;
}

type Observe = (value: number) => void;

/**
 * Records into a registry of prom-client, which checks and joins the labels at each call. So the series of label values are looked up once,
 * and counts are handed over when somebody asks for the metrics.
 */
export class PromMetrics implements Metrics {
  readonly #counters = new Map<string, SeriesOf<Counted>>();
  readonly #histograms = new Map<string, SeriesOf<Observe>>();

  constructor(client: PromClient, register: PromRegistry) {
    for (const [name, instrument] of Object.entries<Instrument>(INSTRUMENTS)) {
      const { type, help, labels, buckets = [] } = instrument;
      const configuration = { name, help, labelNames: [...labels], registers: [register] };
      if (type === 'counter') this.#counters.set(name, counterOf(client, configuration));
      if (type === 'histogram')
        this.#histograms.set(name, histogramOf(client, { ...configuration, buckets: [...buckets] }));
    }
  }

  count<N extends CounterName>(name: N, ...labels: LabelValues<N>): void {
    this.#counters.get(name)!.of(labels).added++;
  }

  record<N extends HistogramName>(name: N, value: number, ...labels: LabelValues<N>): void {
    this.#histograms.get(name)!.of(labels)(value);
  }
}

/** The series of one instrument, by the values of its labels. */
class SeriesOf<T> {
  readonly #all = new Map<string, T>();

  constructor(private readonly make: (labels: Labels) => T) {}

  of(labels: Labels): T {
    const [first = ''] = labels;
    const key = labels.length < 2 ? first : labels.join('\n');
    let found = this.#all.get(key);
    if (found === undefined) this.#all.set(key, (found = this.make(labels)));
    return found;
  }

  values(): Iterable<T> {
    return this.#all.values();
  }
}

type Configuration = ConstructorParameters<PromClient['Counter']>[0];

function counterOf(client: PromClient, configuration: Configuration): SeriesOf<Counted> {
  const counter = new client.Counter({
    ...configuration,
    collect: () => {
      for (const counted of series.values()) {
        if (counted.added > 0) counted.inc(counted.added);
        counted.added = 0;
      }
    },
  });
  const series = new SeriesOf<Counted>((labels) => {
    const { inc } = counter.labels(...labels);
    return { added: 0, inc };
  });
  return series;
}

function histogramOf(
  client: PromClient,
  configuration: ConstructorParameters<PromClient['Histogram']>[0],
): SeriesOf<Observe> {
  const histogram = new client.Histogram(configuration);
  const series = new SeriesOf<Observe>((labels) => histogram.labels(...labels).observe);
  // One without labels is there from the first scrape on.
  if (configuration.labelNames?.length === 0) series.of([]);
  return series;
}
