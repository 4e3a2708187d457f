import { setTimeout as sleep } from 'node:timers/promises';
import { isTerminal } from '../../../src/protocol/state/task-state.js';
import { resultOf } from '../replayed-log.js';
import type { RecordedFrame } from '../recorded-stream.js';
import { readFrames, type StreamEnd } from './frame-stream.js';
import type { LabAgentId, Replica, ReplicaFleet } from './replica.fleet.js';

/** A frame, when it came (by `performance.now()`), and from which replica. */
export interface Arrival extends RecordedFrame {
  readonly at: number;
  readonly replica: number;
}

export interface ReaderOptions {
  readonly agent: LabAgentId;
  /** Where it connects first; later wherever a replica is. */
  readonly at: number;
  /** Opens the task by sending this; else `taskId` is read. */
  readonly message?: object;
  readonly taskId?: string;
  /** Begins with the Task as it is, instead of with the first event. */
  readonly fromSnapshot?: boolean;
  /** Stays with its replica while that lives, whatever it says or does not say. */
  readonly loyal?: boolean;
}

const PAUSE_MS = 50;
/** A multiple of the keep-alive interval of the fleet. */
const PATIENCE_MS = 3_000;
const LOYAL_PATIENCE_MS = 120_000;

/** A client of one task that comes back with its last event id, at any replica, until it has seen the end. */
export class TaskReader {
  readonly arrivals: Arrival[] = [];
  connections = 0;
  /** The end was seen. */
  ended = false;
  taskId?: string;
  readonly done: Promise<void>;
  readonly #leaving = new AbortController();
  readonly #watchers = new Set<() => void>();

  constructor(
    private readonly fleet: ReplicaFleet,
    private readonly options: ReaderOptions,
  ) {
    this.taskId = options.taskId;
    this.done = this.#run();
    this.done.catch(() => undefined);
  }

  get lastSeq(): number {
    return this.arrivals.at(-1)?.seq ?? 0;
  }

  /** Says what it knows when a test waits in vain. */
  get state(): string {
    const { taskId, lastSeq, connections, ended, options } = this;
    const last = this.arrivals.at(-1);
    const from = last ? `, from replica ${last.replica} ${Math.round(performance.now() - last.at)} ms ago` : '';
    return `reader of ${taskId} (${options.agent}, first at ${options.at}): event ${lastSeq}${from}, ${connections} connections${ended ? ', ended' : ''}`;
  }

  /** Resolves when it has seen this event. */
  async until(seq: number): Promise<void> {
    while (this.lastSeq < seq && !this.ended) await new Promise<void>((resolve) => this.#watchers.add(resolve));
  }

  leave(): Promise<void> {
    this.#leaving.abort();
    return this.done;
  }

  async #run(): Promise<void> {
    for (let replica = this.#first(); !this.ended && !this.#leaving.signal.aborted; replica = this.#next(replica)) {
      const end = replica ? await this.#read(replica) : 'cut';
      if (!this.ended && typeof end === 'object') this.#refused(end);
      if (!this.ended) await sleep(PAUSE_MS);
    }
  }

  #first(): Replica | undefined {
    return this.fleet.at(this.options.at);
  }

  /** Another one, if there is one. */
  #next(last?: Replica): Replica | undefined {
    const { usable } = this.fleet;
    if (this.options.loyal && last?.service.alive) return last;
    const others = usable.filter((each) => each !== last);
    return others[Math.floor(Math.random() * others.length)] ?? usable[0];
  }

  async #read(replica: Replica): Promise<StreamEnd> {
    const { agent, message, fromSnapshot = false, loyal = false } = this.options;
    const sends = message !== undefined && this.arrivals.length === 0;
    const asks = fromSnapshot && this.connections === 0;
    const method = sends ? 'SendStreamingMessage' : 'SubscribeToTask';
    const params = sends ? { message } : { id: this.taskId };
    this.connections++;
    return readFrames(replica.urlOf(agent), method, params, {
      lastEventId: sends || asks ? undefined : this.lastSeq,
      patienceMs: loyal ? LOYAL_PATIENCE_MS : PATIENCE_MS,
      signal: this.#leaving.signal,
      onFrame: (frame) => this.#accept(frame, replica.number),
    });
  }

  #accept(frame: RecordedFrame, replica: number): boolean {
    // An error frame ends a connection, and is no event of the task.
    if (frame.answer.error) return true;
    this.arrivals.push({ ...frame, at: performance.now(), replica });
    const result = resultOf(frame);
    if ('task' in result) this.taskId ??= result.task.id;
    const status =
      'task' in result ? result.task.status : 'statusUpdate' in result ? result.statusUpdate.status : undefined;
    if (status && isTerminal(status.state)) this.ended = true;
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
    return false;
  }

  /** As clients do: again after a refusal that says so. */
  #refused({ error }: Exclude<StreamEnd, string>): void {
    // A task that has ended already shows no snapshot.
    if (this.options.fromSnapshot && this.connections === 1) return;
    if (!error || !/again/.test(error.message)) throw new Error(`${this.state}: refused with ${JSON.stringify(error)}`);
  }
}
