import { AsyncSignal } from '../common/async-signal.js';
import { taskNotFound } from '../protocol/errors/index.js';
import type { TaskState } from '../protocol/model/index.js';
import { isTerminal } from '../protocol/state/task-state.js';
import type { TaskScope } from '../security/call-context.js';
import type { CommittedEvent } from '../tasks/committed-event.js';
import type { EventPageLimits } from '../tasks/task-store.interface.js';
import type { EventQueueLimits, EventTap } from './event-queue.interface.js';
import type { LatestSeqPoller, TaskWatcher } from './latest-seq.poller.js';
import { Interruption } from './interruption.js';
import type { QueueManager } from './queue-manager.interface.js';
import type { CursorItem, CursorOptions } from './task-cursor.interface.js';
import { type DocumentSource, type LogStore, TaskLogReader } from './task-log.reader.js';

/** What all cursors of a process share. */
export interface CursorSources {
  readonly store: LogStore;
  readonly documents: DocumentSource;
  readonly queues: QueueManager;
  readonly poller: LatestSeqPoller;
  readonly tapLimits: EventQueueLimits<CommittedEvent>;
  readonly batch: Required<EventPageLimits>;
  readonly retryForMs: number;
  /** The open cursors. */
  readonly open: Set<TaskCursor>;
  /** Aborted: a cursor that begins now ends at once. */
  readonly closed: AbortSignal;
}

/**
 * One reader of one task. Its position is the seq of the last item it returned; it returns an item only if it is the next one. Anything
 * else (a gap, a tap that overflowed or was closed, a wake) sends it back to the log, from its position.
 */
export class TaskCursor implements TaskWatcher {
  readonly #signal = new AsyncSignal();
  readonly #interruption = new Interruption();
  readonly #log: TaskLogReader;
  #tap?: EventTap<CommittedEvent>;
  #unwatch?: () => void;
  #listening = false;
  #position = 0;
  /** Newest seq known to be committed. */
  #knownSeq = 0;
  /** Read the log, whatever the seqs say. */
  #look = false;
  #ended = false;
  #following = false;
  /** Known items that were not returned when it was closed. */
  #rest?: CursorItem[];
  /** The task's state at the position, once known. */
  #state?: TaskState;

  constructor(
    private readonly sources: CursorSources,
    private readonly options: CursorOptions,
  ) {
    const { context, taskId } = options;
    this.#log = new TaskLogReader(sources, context, taskId, this.#interruption, sources.retryForMs);
  }

  /** Ends the reader: a waiting pull ends at once, and nothing is held any more even if no further pull comes. */
  readonly stop = (): void => {
    this.#interruption.stop();
    this.#leave();
    this.#signal.set();
  };

  /** Ends the reader after one more batch of what it knows so far: its client may reconnect for the rest. */
  close(): void {
    const { limit, maxBytes } = this.sources.batch;
    if (this.#canWait && this.#tap) this.#rest = this.#accept(this.#tap.drain(limit, maxBytes));
    this.stop();
  }

  /** The next batch; undefined: the end. One pull at a time, and none after the end or an error. Only the caller holds the batch. */
  readonly pull = async (): Promise<CursorItem[] | undefined> => {
    while (!this.#ended && !this.#interruption.stopped) {
      const items = this.#following ? await this.#more() : await this.#begin();
      // The batch in progress when it was closed comes first.
      this.#rest?.unshift(...(items ?? []));
      if (this.#interruption.stopped) break;
      if (!items || items.length === 0) continue;
      if (items.at(-1)?.final) this.#end();
      return items;
    }
    this.#end();
    return this.#takeRest();
  };

  /** The next batch, if it is available without waiting. Only `pull` reports the end. Do not call while a pull is pending. */
  take(): CursorItem[] | undefined {
    if (!this.#canWait) return this.#takeRest();
    const items = this.#fromTap();
    if (items.length === 0) return undefined;
    if (items.at(-1)?.final) this.#end();
    return items;
  }

  /** Calls `listener` once, when it is time to `take` again. False: `pull` has something to do, or the reader has ended. */
  whenMore(listener: () => void): boolean {
    if (!this.#canWait || this.#behind()) return false;
    this.#signal.listen(listener);
    this.#hearTap();
    return true;
  }

  #takeRest(): CursorItem[] | undefined {
    const rest = this.#rest;
    this.#rest = undefined;
    return rest?.length ? rest : undefined;
  }

  /** It has begun and has not ended. */
  get #canWait(): boolean {
    return this.#following && !this.#ended && !this.#interruption.stopped;
  }

  async #begin(): Promise<CursorItem[]> {
    const { signal } = this.options;
    if (signal?.aborted || this.sources.closed.aborted) return this.#end();
    // First the tap and the wakes, then the log: what is committed after the log was read is then noticed.
    this.#listen();
    this.#unwatch = this.sources.poller.watch(this);
    this.sources.open.add(this);
    signal?.addEventListener('abort', this.stop, { once: true });
    const items = await this.#start();
    this.#following = true;
    return items;
  }

  /** Not an async function, nor is what it calls to wait: a waiting reader should use little memory. */
  #more(): CursorItem[] | Promise<CursorItem[] | void> {
    const items = this.#fromTap();
    if (items.length > 0) return items;
    return this.#behind() ? this.#fromLog() : this.#idle();
  }

  #listen(): void {
    this.#tap = this.sources.queues.createOrTap(this.options.taskId, this.sources.tapLimits);
  }

  #leave(): void {
    this.#tap?.close();
    this.#unwatch?.();
    this.options.signal?.removeEventListener('abort', this.stop);
    this.sources.open.delete(this);
  }

  async #start(): Promise<CursorItem[]> {
    const { afterSeq } = this.options;
    if (afterSeq === undefined || !Number.isSafeInteger(afterSeq) || afterSeq < 0) return this.#snapshot();
    this.#position = afterSeq;
    return this.#fromLog();
  }

  #fromTap(): CursorItem[] {
    const { limit, maxBytes } = this.sources.batch;
    const tap = this.#tap;
    const events = tap?.drain(limit, maxBytes) ?? [];
    if (events.length > 0) return this.#accept(events);
    // Listen before the log is read, or an event in between would be missed.
    if (tap?.lagging) tap.resume();
    else if (!tap || tap.isClosed()) this.#listen();
    else return [];
    this.#look = true;
    return [];
  }

  #behind(): boolean {
    return this.#look || this.#knownSeq > this.#position;
  }

  async #fromLog(): Promise<CursorItem[]> {
    // Reset before the read, so that a wake during the read counts again.
    this.#look = false;
    this.#knownSeq = 0;
    const resuming = this.#state === undefined;
    const page = await this.#log.after(this.#position, this.sources.batch);
    if (!page) return this.#gone();
    if (page.trimmed || (resuming && this.#position > page.lastSeq)) return this.#snapshot();
    const items = this.#accept(page.events);
    if (items.length > 0) this.#knownSeq = Math.max(this.#knownSeq, page.lastSeq);
    // A log with a gap cannot be replayed; a snapshot skips it.
    else if (page.events.length > 0) return this.#snapshot();
    // The status in effect here may be older than what was read.
    if (this.#state === undefined && this.#position >= page.lastSeq) return this.#judge(items);
    return items;
  }

  async #snapshot(): Promise<CursorItem[]> {
    const snapshot = await this.#log.snapshot(this.options.historyLength);
    if (!snapshot) return this.#gone();
    const { document, seq } = snapshot;
    this.#position = seq;
    this.#state = document.state;
    return [{ type: 'snapshot', document, seq, final: this.#endsAt(this.#state) }];
  }

  /** For a stream resumed after the newest status: it is over if that status ends it and nothing came after what was read. */
  async #judge(items: CursorItem[]): Promise<CursorItem[]> {
    const head = await this.#log.head();
    if (!head) return this.#gone();
    this.#state = head.state;
    const last = items.at(-1);
    if (head.lastSeq > this.#position || !this.#endsAt(head.state)) return items;
    if (!last) return this.#end();
    return [...items.slice(0, -1), { ...last, final: true }];
  }

  #accept(events: readonly CommittedEvent[]): CursorItem[] {
    const items: CursorItem[] = [];
    for (const event of events) {
      const { seq, state } = event;
      if (seq <= this.#position) continue;
      if (seq !== this.#position + 1) {
        this.#knownSeq = Math.max(this.#knownSeq, seq);
        break;
      }
      this.#position = seq;
      if (state !== undefined) this.#state = state;
      const final = state !== undefined && this.#endsAt(state);
      items.push({ type: 'event', event, seq, final });
      if (final) break;
    }
    return items;
  }

  #endsAt(state: TaskState): boolean {
    return isTerminal(state) || this.options.endsAt(state);
  }

  /** Nothing was read: the reader was stopped, or the task does not exist (any more), which the client must be told. */
  #gone(): CursorItem[] {
    this.#end();
    if (this.#interruption.stopped) return [];
    throw taskNotFound(this.options.taskId);
  }

  #end(): CursorItem[] {
    this.#ended = true;
    this.#leave();
    return [];
  }

  #idle(): Promise<void> {
    this.#hearTap();
    return this.#signal.wait();
  }

  #hearTap(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#tap?.onReady(this.#heard);
  }

  readonly #heard = (): void => {
    this.#listening = false;
    this.#signal.set();
  };

  get taskId(): string {
    return this.options.taskId;
  }

  get scope(): TaskScope {
    return this.options.context;
  }

  get following(): boolean {
    return this.#following;
  }

  get knownSeq(): number {
    return Math.max(this.#position, this.#knownSeq);
  }

  /** Committed events that it has not taken yet, as far as this process knows. */
  get lag(): number {
    return Math.max(this.knownSeq - this.#position, this.#tap?.behind ?? 0);
  }

  look(seq: number | undefined): void {
    if (seq === undefined) this.#look = true;
    else this.#knownSeq = Math.max(this.#knownSeq, seq);
    this.#signal.set();
  }
}
