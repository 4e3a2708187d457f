import type { Metrics } from '../common/metrics/metrics.interface.js';

/** Called after each attempt to commit events to the log: how many they were, and how long it took. */
export type CommitAttempted = (events: number, seconds: number, succeeded: boolean) => void;

/** Measures the commits to the log. */
export const appendMetrics =
  (metrics: Metrics): CommitAttempted =>
  (events, seconds, succeeded) => {
    if (!succeeded) return metrics.count('a2a_append_failures_total');
    metrics.record('a2a_append_batch_events', events);
    metrics.record('a2a_append_duration_seconds', seconds);
  };
