/** Upper bounds of histograms. Times are in seconds. */
const CALLS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
const WAITS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
const COMMITS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const ATTEMPTS = [1, 2, 3, 5, 8, 13, 21];

export interface Instrument {
  readonly type: 'counter' | 'histogram' | 'gauge';
  readonly help: string;
  /** Their values come from small fixed sets: never an owner, a tenant, or an id that a client can choose. */
  readonly labels: readonly string[];
  /** Of a histogram. */
  readonly buckets?: readonly number[];
}

/**
 * All metrics. The names follow the conventions of OpenTelemetry in the form that Prometheus uses: base units, `_total` for counters.
 * Gauges are read when somebody asks for the metrics.
 */
export const INSTRUMENTS = {
  a2a_server_requests_total: {
    type: 'counter',
    help: 'Calls that have ended, by outcome: OK, CLIENT_LEFT, or the reason of the error.',
    labels: ['operation', 'binding', 'version', 'agent', 'outcome'],
  },
  a2a_server_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from the arrival of a call to the end of its response. A stream ends when its last event is sent.',
    labels: ['operation', 'binding', 'agent'],
    buckets: CALLS,
  },
  a2a_queue_wait_seconds: {
    type: 'histogram',
    help: 'Time from the acceptance of a message to the start of its turn.',
    labels: ['agent'],
    buckets: WAITS,
  },
  a2a_time_to_first_event_seconds: {
    type: 'histogram',
    help: 'Time from the acceptance of a message to the first committed event of the agent.',
    labels: ['agent'],
    buckets: WAITS,
  },
  a2a_turns_total: {
    type: 'counter',
    help: 'Turns that have ended in this process, by the state of the task afterwards, "requeued" or "lost".',
    labels: ['agent', 'outcome'],
  },
  a2a_turn_duration_seconds: {
    type: 'histogram',
    help: 'Time from the start of a turn in this process to its end.',
    labels: ['agent'],
    buckets: CALLS,
  },
  a2a_takeovers_total: {
    type: 'counter',
    help: 'Tasks of lost processes that this process has taken over, by what became of them.',
    labels: ['outcome'],
  },
  a2a_lease_losses_total: {
    type: 'counter',
    help: 'Leases that this process has lost. It then gives up its runs.',
    labels: [],
  },
  a2a_append_batch_events: {
    type: 'histogram',
    help: 'Events in one commit to the log.',
    labels: [],
    buckets: ROWS,
  },
  a2a_append_duration_seconds: {
    type: 'histogram',
    help: 'Time of one commit to the log.',
    labels: [],
    buckets: COMMITS,
  },
  a2a_append_failures_total: {
    type: 'counter',
    help: 'Commits to the log that failed. Most are repeated.',
    labels: [],
  },
  a2a_webhook_attempts_total: {
    type: 'counter',
    help: 'Attempts to deliver a notification, by outcome: delivered, failed, rejected, gone, stopped.',
    labels: ['outcome'],
  },
  a2a_webhook_attempt_duration_seconds: {
    type: 'histogram',
    help: 'Time of one attempt to deliver a notification.',
    labels: [],
    buckets: CALLS,
  },
  a2a_webhook_delivery_attempts: {
    type: 'histogram',
    help: 'Attempts that a notification took until it was delivered or dropped.',
    labels: ['outcome'],
    buckets: ATTEMPTS,
  },
  a2a_runs: { type: 'gauge', help: 'Runs in this process.', labels: ['agent'] },
  a2a_run_slots: { type: 'gauge', help: 'Runs that this process admits at the same time.', labels: [] },
  a2a_tasks_queued: { type: 'gauge', help: 'Tasks that wait for a start, in the whole storage.', labels: [] },
  a2a_replicas: { type: 'gauge', help: 'Processes that own runs, according to the storage.', labels: [] },
  a2a_lease_held: { type: 'gauge', help: '1 if this process holds its lease, else 0.', labels: [] },
  a2a_readers: { type: 'gauge', help: 'Open readers of events: streams and waiting calls.', labels: [] },
  a2a_reader_lag_events: {
    type: 'gauge',
    help: 'Committed events that the slowest reader has not taken yet.',
    labels: [],
  },
  a2a_webhook_deliveries_owed: {
    type: 'gauge',
    help: 'Notifications that are owed to webhooks, in the whole storage.',
    labels: [],
  },
  a2a_webhook_oldest_due_seconds: {
    type: 'gauge',
    help: 'Time for which the oldest owed notification has been due. 0: none is due.',
    labels: [],
  },
  a2a_webhook_dead_letters: {
    type: 'gauge',
    help: 'Notifications that were given up, in the whole storage.',
    labels: [],
  },
  a2a_held_bytes: {
    type: 'gauge',
    help: 'Bytes in memory: "clients" for requests and responses, "messages" that wait for the storage.',
    labels: ['holder'],
  },
  a2a_held_bytes_limit: { type: 'gauge', help: 'The limit of a2a_held_bytes.', labels: ['holder'] },
} as const satisfies Readonly<Record<string, Instrument>>;

type Instruments = typeof INSTRUMENTS;

export type InstrumentName = keyof Instruments;

type OfType<T extends Instrument['type']> = {
  [N in InstrumentName]: Instruments[N] extends { readonly type: T } ? N : never;
}[InstrumentName];

export type CounterName = OfType<'counter'>;
export type HistogramName = OfType<'histogram'>;
export type GaugeName = OfType<'gauge'>;

type Strings<T extends readonly string[]> = { readonly [I in keyof T]: string };

/** One value for each label, in the order of `labels`. */
export type LabelValues<N extends InstrumentName> = Strings<Instruments[N]['labels']>;
