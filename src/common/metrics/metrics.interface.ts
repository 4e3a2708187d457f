import type { CounterName, HistogramName, LabelValues } from './instruments.js';

/** Injects the `Metrics` of the application. Optional: without it nothing is measured. */
export const A2A_METRICS = Symbol('A2aMetrics');

/** Where measurements go. Called on hot paths, with constant cost; never throws. */
export interface Metrics {
  /** Adds one. */
  count<N extends CounterName>(name: N, ...labels: LabelValues<N>): void;
  /** In the unit of the instrument's name. */
  record<N extends HistogramName>(name: N, value: number, ...labels: LabelValues<N>): void;
}

/** Measures nothing. */
export const NO_METRICS: Metrics = { count: () => undefined, record: () => undefined };
