import { cloneJson } from '../../../src/protocol/clone-json.js';
import { TaskFold } from '../../../src/protocol/fold/task-fold.js';
import { isInterrupted, isTerminal, type State } from '../format/states.js';
import type { Message, StreamResponse, Task } from './parts.js';
import { cancelTask, messageRequest, stream } from './rpc.js';

export interface Received {
  /** Counts what this call received, from 1 on. */
  readonly n: number;
  readonly seq: number | undefined;
  /** Time since the last message was sent, in ms. */
  readonly afterMs: number;
  /** Which connection brought it, from 1 on. */
  readonly connection: number;
  readonly event: StreamResponse;
}

export type Phase = 'idle' | 'streaming' | 'cut' | 'ended' | 'failed';

export interface CallView {
  readonly phase: Phase;
  readonly received: readonly Received[];
  readonly connections: number;
  readonly lastSeq: number | undefined;
  readonly task: Task | undefined;
  readonly reply: Message | undefined;
  readonly error: unknown;
}

const EMPTY: CallView = {
  phase: 'idle',
  received: [],
  connections: 0,
  lastSeq: undefined,
  task: undefined,
  reply: undefined,
  error: undefined,
};

/** Frames of one call that are kept for showing. */
const KEPT = 2_000;
/** Time between a cut and the resume, so that one can see it, in ms. */
export const CUT_MS = 1_500;
/** A connection that breaks without us is resumed after so many ms, so many times in a row. */
const BROKEN_MS = 800;
const BROKEN_TIMES = 5;

/** Messages to an agent and the streams that answer them; a stream that breaks is resumed where it broke. */
export class ConversationCall {
  #view = EMPTY;
  #fold: TaskFold | undefined;
  #control = new AbortController();
  #sentAt = 0;
  #resume: ReturnType<typeof setTimeout> | undefined;
  #painted = false;
  /** What was received since the view was last made. */
  #fresh: Received[] = [];
  #count = 0;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly path: string) {}

  readonly view = (): CallView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  send(message: Message, outputModes: readonly string[]): void {
    // Another task: its events have numbers of their own.
    if (message.taskId === undefined) {
      this.#fold = undefined;
      this.#fresh = [];
      this.#view = EMPTY;
    }
    this.#sentAt = performance.now();
    this.#set({ error: undefined, reply: undefined });
    void this.#follow('SendStreamingMessage', messageRequest(message, outputModes), undefined);
  }

  /** Drops the connection, as a broken network would, and resumes after a while. */
  cut(): void {
    if (this.#view.phase !== 'streaming' || this.#view.task === undefined) return;
    this.#control.abort();
    this.#set({ phase: 'cut' });
    this.#resume = setTimeout(() => this.resume(), CUT_MS);
  }

  resume(): void {
    clearTimeout(this.#resume);
    const id = this.#view.task?.id;
    if (id !== undefined) void this.#follow('SubscribeToTask', { id }, this.#view.lastSeq);
  }

  async cancel(): Promise<void> {
    const id = this.#view.task?.id;
    if (id === undefined) return;
    try {
      await cancelTask(this.path, id);
    } catch (error) {
      this.#set({ error });
    }
  }

  close(): void {
    clearTimeout(this.#resume);
    this.#control.abort();
  }

  async #follow(
    method: 'SendStreamingMessage' | 'SubscribeToTask',
    params: object,
    lastEventId: number | undefined,
    broken = 0,
  ): Promise<void> {
    this.#control.abort();
    const control = (this.#control = new AbortController());
    const connection = this.#view.connections + 1;
    this.#set({ phase: 'streaming', connections: connection });
    let failures = broken;
    try {
      for await (const { seq, event } of stream(this.path, method, params, control.signal, lastEventId)) {
        if (control.signal.aborted) return;
        failures = 0;
        this.#take({ n: ++this.#count, seq, event, connection, afterMs: performance.now() - this.#sentAt });
      }
    } catch (error) {
      if (control.signal.aborted) return;
      if (!isBroken(error)) return this.#set({ phase: 'failed', error });
    }
    if (control.signal.aborted) return;
    this.#see();
    const state = this.#view.task?.status.state as State | undefined;
    if (this.#view.reply || (state && (isTerminal(state) || isInterrupted(state))))
      return this.#set({ phase: 'ended' });
    const id = this.#view.task?.id;
    if (id === undefined || failures >= BROKEN_TIMES) {
      return this.#set({ phase: 'failed', error: new Error('The connection broke before the task ended.') });
    }
    this.#set({ phase: 'cut' });
    this.#resume = setTimeout(() => {
      void this.#follow('SubscribeToTask', { id }, this.#view.lastSeq, failures + 1);
    }, BROKEN_MS);
  }

  #take(frame: Received): void {
    const { event } = frame;
    if ('task' in event) this.#fold = new TaskFold(cloneJson(event.task));
    else if (!('message' in event)) this.#fold?.apply(cloneJson(event));
    this.#fresh.push(frame);
    this.#paintSoon();
  }

  /** The fold changes its task in place; what is shown is compared by identity. */
  #see(): void {
    const fresh = this.#fresh;
    if (fresh.length === 0) return;
    this.#fresh = [];
    const { received, lastSeq, reply, task } = this.#view;
    const replied = fresh.findLast(({ event }) => 'message' in event)?.event as { message?: Message } | undefined;
    this.#view = {
      ...this.#view,
      received: [...received, ...fresh].slice(-KEPT),
      lastSeq: fresh.findLast(({ seq }) => seq !== undefined)?.seq ?? lastSeq,
      reply: replied?.message ?? reply,
      task: this.#fold ? copyOf(this.#fold.task) : task,
    };
  }

  /** A stream may bring more events than a screen has pictures. */
  #paintSoon(): void {
    if (this.#painted) return;
    this.#painted = true;
    setTimeout(() => {
      this.#painted = false;
      this.#set({});
    }, 50);
  }

  #set(change: Partial<CallView>): void {
    this.#see();
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function copyOf(task: Task): Task {
  const artifacts = task.artifacts?.map((artifact) => ({ ...artifact, parts: [...artifact.parts] }));
  return { ...task, ...(artifacts && { artifacts }) };
}

/** The network, and not the service, ended it: fetch says so by a TypeError. */
const isBroken = (error: unknown): boolean => (error as Partial<Error> | null)?.name === 'TypeError';
