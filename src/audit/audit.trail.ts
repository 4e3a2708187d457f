import { randomUUID } from 'node:crypto';
import { BackgroundLoop } from '../common/background-loop.js';
import { FailureLog } from '../common/failure-log.js';
import { SafeLogger } from '../common/safe-logger.js';
import { unavailable } from '../protocol/errors/index.js';
import { CHAIN_START, digestOf } from './audit-chain.js';
import type { AuditEntry, AuditRecord } from './audit-record.js';
import type { AuditSink } from './audit-sink.interface.js';
import type { AuditSettings } from './audit.options.js';

/** Records of one write. */
const BATCH = 500;
const RETRY_MS = 1_000;
/** Time that the shutdown gives the sink, in ms. */
const END_LIMIT_MS = 5_000;
const PRUNE_EVERY_MS = 3_600_000;
/** Of what a client chose. */
const MAX_TEXT = 512;

/** What an AuditTrail writes to, and how. */
export interface AuditPorts {
  readonly sink: AuditSink;
  readonly settings: Omit<AuditSettings, 'sink'>;
  /** True for one of the processes that share the storage, about once an hour. */
  readonly mayPrune?: (everyMs: number) => Promise<boolean>;
}

/**
 * The append-only record of who did what to which task. It buffers records and writes them in batches. Inject it to record acts of
 * operators; it does nothing when `audit` of the module is not set.
 *
 * @example this.audit.record({ kind: 'admin', action: 'cancel-task', outcome: 'ok', owner: operator, taskId, binding: 'admin' })
 */
export class AuditTrail {
  readonly #chain = randomUUID();
  readonly #log = new SafeLogger(AuditTrail.name);
  readonly #waiting: { readonly at: number; readonly entry: AuditEntry }[] = [];
  readonly #loop: BackgroundLoop;
  /** Being written, or written again. */
  #batch: readonly AuditRecord[] = [];
  #seq = 0;
  #prev = CHAIN_START;
  #dropped = 0;
  #soon?: NodeJS.Timeout;
  #pruning?: NodeJS.Timeout;

  constructor(private readonly ports?: AuditPorts) {
    const texts = { failed: 'The audit trail cannot be written', recovered: 'The audit trail can be written again.' };
    this.#loop = new BackgroundLoop({
      pass: () => this.#write(),
      pauseMs: () => RETRY_MS,
      failures: new FailureLog(this.#log, texts),
    });
    if (ports === undefined) return;
    this.#loop.start();
    if (ports.settings.retainMs > 0 && ports.sink.prune)
      this.#pruning = setInterval(() => void this.#prune(), PRUNE_EVERY_MS).unref();
  }

  /** Whether there is an audit trail. */
  get on(): boolean {
    return this.ports !== undefined;
  }

  /** Whether reads are recorded that were not refused. */
  get reads(): boolean {
    return this.ports?.settings.reads === true;
  }

  /** @throws A2AError UNAVAILABLE while no record can be kept, if `onOverflow` is 'refuse'. */
  assertRoom(): void {
    if (this.ports?.settings.onOverflow !== 'refuse' || !this.#full) return;
    throw unavailable('The server cannot record calls at present, so it accepts none. Try again.', undefined, 1);
  }

  /** Takes a record, to be written soon. Never throws and never waits. */
  record(entry: AuditEntry): void {
    if (this.ports === undefined) return;
    if (this.#full) return void this.#dropped++;
    this.#waiting.push({ at: Date.now(), entry });
    if (this.#waiting.length >= BATCH) this.#loop.wake();
    else this.#soon ??= setTimeout(() => this.#loop.wake(), this.ports.settings.flushMs).unref();
  }

  /** Writes what waits, and nothing afterwards. Never rejects: what the sink does not take in five seconds is lost, and is logged. */
  async end(): Promise<void> {
    if (this.ports === undefined) return;
    clearInterval(this.#pruning);
    clearTimeout(this.#soon);
    const until = Date.now() + END_LIMIT_MS;
    while (this.#size > 0 && Date.now() < until) {
      this.#loop.wake();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.race([this.#loop.stop(), new Promise((resolve) => setTimeout(resolve, 100))]);
    const lost = this.#size + this.#dropped;
    if (lost > 0) this.#log.error(`${lost} records of the audit trail could not be written before the shutdown.`);
    await this.ports.sink.close?.().catch(() => undefined);
  }

  get #size(): number {
    return this.#waiting.length + this.#batch.length;
  }

  get #full(): boolean {
    return this.#size >= (this.ports?.settings.maxRecords ?? 0);
  }

  async #write(): Promise<void> {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    for (;;) {
      if (this.#batch.length === 0) this.#batch = this.#next();
      if (this.#batch.length === 0) return;
      await this.ports!.sink.write(this.#batch);
      this.#batch = [];
    }
  }

  #next(): AuditRecord[] {
    const taken = this.#waiting.splice(0, BATCH);
    if (this.#dropped > 0) {
      taken.push({ at: Date.now(), entry: { kind: 'gap', action: 'drop', outcome: 'lost', count: this.#dropped } });
      this.#dropped = 0;
    }
    return taken.map(({ at, entry }) => this.#recordOf(at, entry));
  }

  #recordOf(at: number, entry: AuditEntry): AuditRecord {
    const seq = ++this.#seq;
    const { hashChain } = this.ports!.settings;
    const kept = Object.fromEntries(
      Object.entries(entry)
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => [name, bounded(value)]),
    ) as unknown as AuditEntry;
    const prev = hashChain ? { prev: this.#prev } : {};
    const line = JSON.stringify({ at: new Date(at).toISOString(), chain: this.#chain, seq, ...kept, ...prev });
    if (hashChain) this.#prev = digestOf(line);
    return { at, chain: this.#chain, seq, entry: kept, line };
  }

  async #prune(): Promise<void> {
    const { sink, settings, mayPrune } = this.ports!;
    try {
      if (mayPrune === undefined || (await mayPrune(PRUNE_EVERY_MS))) await sink.prune?.(settings.retainMs);
    } catch (error) {
      this.#log.warn('Old records of the audit trail could not be deleted.', error);
    }
  }
}

const bounded = (value: unknown): unknown =>
  typeof value === 'string' ? value.slice(0, MAX_TEXT).toWellFormed() : value;
