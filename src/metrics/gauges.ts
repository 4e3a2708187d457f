import type { Gauge, Registry } from 'prom-client';
import { FailureLog } from '../common/failure-log.js';
import { type GaugeName, INSTRUMENTS } from '../common/metrics/instruments.js';
import { SafeLogger } from '../common/safe-logger.js';
import type { PromClient } from './load-prom-client.js';
import type { GaugeReaders, Reading } from './readings.js';

/** Longest time for what a gauge reads, in ms: a storage that does not answer must not hold up the other metrics. */
const LIMIT_MS = 2_000;
/** How long a reading counts, in ms, however often the metrics are read: some ask the storage. */
const FRESH_MS = 1_000;

/** Registers the gauges. One that cannot be read has no value in that answer. */
export function registerGauges(client: PromClient, register: Registry, readers: GaugeReaders): void {
  for (const [name, read] of Object.entries(readers) as [GaugeName, () => Readings][]) {
    const { help, labels } = INSTRUMENTS[name];
    const failures = new FailureLog(new SafeLogger('A2aMetrics'), {
      failed: `The metric ${name} cannot be read`,
      recovered: `The metric ${name} can be read again.`,
    });
    let [readAt, reading] = [-Infinity, Promise.resolve(true)];
    const gauge: Gauge = new client.Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [register],
      collect: async () => {
        if (performance.now() - readAt >= FRESH_MS) {
          readAt = performance.now();
          reading = failures.attempt(() => update(gauge, read, labels.length > 0));
        }
        await reading;
      },
    });
  }
}

type Readings = readonly Reading[] | Promise<readonly Reading[]>;

async function update(gauge: Gauge, read: () => Readings, labelled: boolean): Promise<void> {
  let readings: readonly Reading[] = [];
  try {
    readings = await timely(read);
  } finally {
    // `reset` would set a gauge without labels to zero.
    gauge.reset();
    if (readings.length === 0 && !labelled) gauge.remove();
    for (const [value, ...labels] of readings) gauge.labels(...labels).set(value);
  }
}

async function timely<T>(read: () => T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`There was no answer in ${LIMIT_MS} ms.`)), LIMIT_MS);
  });
  try {
    return await Promise.race([read(), late]);
  } finally {
    clearTimeout(timer);
  }
}
