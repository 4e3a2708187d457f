import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { labChunk } from '../../examples/lab/lab-chunk.js';
import { TaskFold } from '../../src/protocol/fold/task-fold.js';
import type { StreamResponse, Task, TaskEvent } from '../../src/protocol/model/index.js';
import { isTerminal } from '../../src/protocol/state/task-state.js';
import { type RecordedFrame, RecordedStream } from './recorded-stream.js';
import type { RpcClient } from './rpc.client.js';

/** An empty list and none are the same in the protocol's JSON. */
export const plain = (task: Task): Task => ({ artifacts: [], history: [], ...task });

/** A Last-Event-ID beyond any log: it is answered with the Task as it is, whether it has ended or not. */
const BEYOND = 999_999_999;
const ATTEMPTS = 100;
const PAUSE_MS = 100;

/** What a `stream` of the lab was asked for. */
export interface LabStream {
  readonly chunks: number;
  readonly bytes: number;
}

export const resultOf = ({ seq, answer }: RecordedFrame): StreamResponse => {
  if (!answer.result) throw new Error(`Frame ${seq} has no result: ${JSON.stringify(answer.error)}`);
  return answer.result;
};

/** The whole log of a task, as one reader is given it afterwards, with the Task that GetTask answered at its end. */
export class ReplayedLog {
  private constructor(
    readonly frames: readonly RecordedFrame[],
    readonly task: Task,
  ) {}

  /** Reads until GetTask, the snapshot and the log speak of the same moment. */
  static async read(client: RpcClient, id: string): Promise<ReplayedLog> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await snapshotOf(client, id);
      const task = await client.patientResult<Task>('GetTask', { id });
      const after = await snapshotOf(client, id);
      if (before.seq !== after.seq) {
        await sleep(PAUSE_MS);
        continue;
      }
      expect(plain(after.task)).toEqual(plain(task));
      const until = ({ seq }: RecordedFrame): boolean => seq === after.seq;
      const { frames } = await RecordedStream.patiently(client, 'SubscribeToTask', { id }, { lastEventId: 0, until });
      return new ReplayedLog(frames, task);
    }
    throw new Error(`Task ${id} did not come to rest.`);
  }

  get lastSeq(): number {
    return this.frames.length;
  }

  get ended(): boolean {
    return isTerminal(this.task.status.state);
  }

  /** The bytes of the events behind `seq`. */
  rawAfter(seq: number): string {
    return this.frames
      .slice(seq)
      .map(({ raw }) => raw)
      .join('');
  }

  /** The task as of `seq`. */
  foldTo(seq: number): Task {
    const [first, ...events] = this.frames.slice(0, seq).map((frame) => structured(resultOf(frame)));
    if (!first || !('task' in first)) throw new Error('The first event is not the task.');
    const fold = new TaskFold(first.task);
    for (const event of events) fold.apply(event as TaskEvent);
    return fold.task;
  }

  /** Each seq once and in order, what GetTask says, at most one end, and the chunks of the lab one after the other. */
  expectWhole(asked: LabStream): void {
    expect(this.frames.map(({ seq }) => seq)).toEqual(this.frames.map((_, index) => index + 1));
    expect(plain(this.foldTo(this.lastSeq))).toEqual(plain(this.task));
    const events = this.frames.map(resultOf);
    const ends = events.flatMap((event, index) =>
      'statusUpdate' in event && isTerminal(event.statusUpdate.status.state) ? [index + 1] : [],
    );
    expect(ends).toEqual(this.ended ? [this.lastSeq] : []);
    const chunks = events.flatMap((event) => ('artifactUpdate' in event ? [event.artifactUpdate] : []));
    expect(chunks.flatMap(({ artifact }) => artifact.parts)).toEqual(
      chunks.map((_, index) => ({ text: labChunk(index, asked.bytes) })),
    );
    expect(chunks.map(({ append = false }) => append)).toEqual(chunks.map((_, index) => index > 0));
    expect(chunks.map(({ lastChunk = false }) => lastChunk)).toEqual(
      chunks.map((_, index) => index === asked.chunks - 1),
    );
    if (this.task.status.state !== 'TASK_STATE_COMPLETED') return;
    expect(chunks).toHaveLength(asked.chunks);
    expect(this.lastSeq).toBe(asked.chunks + 3);
  }
}

async function snapshotOf(client: RpcClient, id: string): Promise<{ seq?: number; task: Task }> {
  const until = (): boolean => true;
  const { frames } = await RecordedStream.patiently(client, 'SubscribeToTask', { id }, { lastEventId: BEYOND, until });
  const [frame] = frames;
  const result = frame && resultOf(frame);
  if (!result || !('task' in result)) throw new Error(`SubscribeToTask does not begin with the Task: ${frame?.raw}`);
  return { seq: frame.seq, task: result.task };
}

/** Folding changes the task that it is given. */
const structured = (event: StreamResponse): StreamResponse => JSON.parse(JSON.stringify(event)) as StreamResponse;
