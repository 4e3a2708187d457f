import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { isTerminal } from '../../src/protocol/state/task-state.js';
import { type RecordedFrame, RecordedStream, type RecordOptions } from './recorded-stream.js';
import { type LabStream, plain, type ReplayedLog, resultOf } from './replayed-log.js';
import { type RpcClient, textMessage } from './rpc.client.js';

const RETRY_MS = 200;
const ACCEPT_LIMIT_MS = 60_000;

/** What one connection showed, from which position. */
interface Seen {
  readonly afterSeq: number;
  readonly stream: RecordedStream;
}

/** A request that is under way. */
interface Wait {
  readonly method: string;
  readonly frames: RecordedFrame[];
  /** Of the last frame, or of the request. */
  since: number;
}

/** A client of one task of the lab that keeps what it saw and holds the server to it. */
export class StreamWitness {
  readonly #seen: Seen[] = [];
  readonly #message: object;
  readonly contextId = crypto.randomUUID();
  #wait?: Wait;
  taskId?: string;
  /** Seq of the last event it saw. */
  lastSeq = 0;
  ended = false;
  refusals = 0;

  constructor(
    private client: RpcClient,
    readonly asked: LabStream & { readonly delayMs: number },
  ) {
    const { chunks, bytes, delayMs } = asked;
    this.#message = textMessage(`stream ${chunks} ${bytes} ${delayMs}`, { contextId: this.contextId });
  }

  get connections(): number {
    return this.#seen.length;
  }

  /** What it waits for, for reports; undefined: for nothing. */
  get waitsFor(): string | undefined {
    if (!this.#wait) return undefined;
    const { method, frames, since } = this.#wait;
    const last = frames.at(-1)?.seq ?? this.lastSeq;
    const what = frames.length > 0 ? `what follows event ${last}` : 'an answer';
    return `${method}: ${what}, for ${Date.now() - since} ms`;
  }

  /** Sends its message and reads the stream until that ends or breaks; the same message again is answered with its task. */
  async send(until?: RecordOptions['until']): Promise<RecordedStream> {
    return this.#keep(await this.#record('SendStreamingMessage', { message: this.#message }, { until }), 0);
  }

  /** As clients do: sends again after a refusal that says so. */
  async sendUntilAccepted(until?: RecordOptions['until']): Promise<RecordedStream> {
    for (const deadline = Date.now() + ACCEPT_LIMIT_MS; ; await sleep(RETRY_MS)) {
      const stream = await this.send(until);
      if (stream.outcome !== 'refused') return stream;
      expect(stream.refusal?.error).toMatchObject({ message: expect.stringMatching(/again/) as unknown });
      this.refusals++;
      if (Date.now() > deadline) throw new Error(`Still refused: ${JSON.stringify(stream.refusal)}`);
    }
  }

  /** From here on it talks to another server. */
  goTo(client: RpcClient): this {
    this.client = client;
    return this;
  }

  /** Comes back with its last id and reads up to `seq`. */
  async resume(seq: number): Promise<RecordedStream> {
    const lastEventId = this.lastSeq;
    const until = (frame: RecordedFrame): boolean => frame.seq === seq;
    return this.#keep(await this.#record('SubscribeToTask', { id: this.taskId }, { lastEventId, until }), lastEventId);
  }

  /** Every byte that it was ever shown is in the log, in its place. */
  expectKept(log: ReplayedLog): void {
    expect(this.lastSeq).toBeLessThanOrEqual(log.lastSeq);
    for (const { afterSeq, stream } of this.#seen) {
      const [first] = stream.frames;
      const opening = first && resultOf(first);
      let position = afterSeq;
      let shown = stream.frames.map(({ raw }) => raw).join('') + stream.rest;
      if (first?.seq !== undefined && opening && 'task' in opening && first.seq !== 1) {
        expect(plain(opening.task)).toEqual(plain(log.foldTo(first.seq)));
        position = first.seq;
        shown = shown.slice(first.raw.length);
      }
      const kept = log.rawAfter(position);
      if (!kept.startsWith(shown)) throw new Error(differenceOf(kept, shown, position));
    }
  }

  /** Its message made one task, however often it was sent. */
  async expectOneTask(): Promise<void> {
    const { tasks } = await this.client.result<{ tasks: Task[] }>('ListTasks', { contextId: this.contextId });
    expect(tasks.map(({ id }) => id)).toEqual([this.taskId]);
  }

  async #record(method: string, params: object, options: RecordOptions): Promise<RecordedStream> {
    const wait: Wait = (this.#wait = { method, frames: [], since: Date.now() });
    const until = (frame: RecordedFrame): boolean => {
      wait.frames.push(frame);
      wait.since = Date.now();
      return options.until?.(frame) ?? false;
    };
    try {
      return await RecordedStream.of(this.client, method, params, { ...options, until });
    } finally {
      this.#wait = undefined;
    }
  }

  #keep(stream: RecordedStream, afterSeq: number): RecordedStream {
    if (stream.outcome === 'refused') return stream;
    this.#seen.push({ afterSeq, stream });
    stream.frames.forEach((frame, index) => this.#accept(frame, index === 0));
    return stream;
  }

  /** Events come one after the other; only a Task at the beginning of a connection may skip some. */
  #accept(frame: RecordedFrame, opens: boolean): void {
    const result = resultOf(frame);
    if (!('task' in result && opens)) expect(frame.seq).toBe(this.lastSeq + 1);
    if ('task' in result) {
      this.taskId ??= result.task.id;
      expect(result.task.id).toBe(this.taskId);
    }
    this.lastSeq = frame.seq ?? Number.NaN;
    const status =
      'task' in result ? result.task.status : 'statusUpdate' in result ? result.statusUpdate.status : undefined;
    if (status && isTerminal(status.state)) this.ended = true;
  }
}

function differenceOf(kept: string, shown: string, position: number): string {
  let at = 0;
  while (kept[at] === shown[at] && at < shown.length) at++;
  const near = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 200), at + 200));
  return `${at} bytes behind event ${position} the client was shown ${near(shown)}, but the log says ${near(kept)}`;
}
