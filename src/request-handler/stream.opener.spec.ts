import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CursorBench, turn } from '../events/testing/cursor-bench.js';
import { readerContext } from '../events/testing/task-feeder.js';
import type { DrainService } from '../execution/drain.service.js';
import { unavailable } from '../protocol/errors/index.js';
import type { ItemStream, StreamItem } from './request-handler.interface.js';
import { StreamOpener } from './stream.opener.js';

setFlagsFromString('--expose_gc');
const gc = runInNewContext('gc') as () => void;

describe('StreamOpener', () => {
  let bench: CursorBench;
  let stream: ItemStream;

  beforeEach(async () => {
    bench = await CursorBench.create();
    const opener = new StreamOpener(bench.cursors, { assertNotClosed: () => undefined } as DrainService);
    const { taskId } = bench.task;
    stream = await opener.open({ context: readerContext, taskId, endsAt: () => false });
  });
  afterEach(() => bench.cursors.close());

  /** Pulls one batch without keeping a reference to it. */
  const pulled = async (): Promise<WeakRef<StreamItem[]>> => {
    const { value } = await stream.next();
    return new WeakRef(value as StreamItem[]);
  };

  it('gives the first batch once, then what follows', async () => {
    bench.publish(await bench.task.append({ text: 'x' }));
    const seqs: number[] = [];
    for await (const batch of stream) {
      for (const item of batch) seqs.push(item.type === 'message' ? 0 : item.seq);
      if (seqs.length === 1) bench.publish(await bench.task.append('TASK_STATE_COMPLETED'));
    }
    expect(seqs).toEqual([1, 2, 3]);
  });

  it('does not hold what it gave, as long as its client does not pull again', async () => {
    const first = await pulled();
    bench.publish(await bench.task.append({ text: 'x' }));
    const second = await pulled();
    await turn();
    gc();
    expect([first.deref(), second.deref()]).toEqual([undefined, undefined]);
  });

  it('is empty where the reader has all of a task that has ended, and only there', async () => {
    const { taskId } = bench.task;
    const opener = new StreamOpener(bench.cursors, { assertNotClosed: () => undefined } as DrainService);
    const reader = { context: readerContext, taskId, endsAt: () => false };
    bench.publish(await bench.task.append('TASK_STATE_COMPLETED'));
    expect((await opener.open({ ...reader, afterSeq: 2 })).empty).toBe(true);
    for (const afterSeq of [0, 1, 3, undefined, Number.NaN])
      expect((await opener.open({ ...reader, afterSeq })).empty).toBe(false);
    const signal = AbortSignal.abort();
    expect((await opener.open({ ...reader, afterSeq: 2, signal })).empty).toBe(false);
  });

  it('is not empty but UNAVAILABLE when a shutdown ended it', async () => {
    let closed = false;
    const assertNotClosed = (): void => {
      if (closed) throw unavailable('shut down');
    };
    const opener = new StreamOpener(bench.cursors, { assertNotClosed } as DrainService);
    const { taskId } = bench.task;
    const opening = opener.open({ context: readerContext, taskId, endsAt: () => false, afterSeq: 1 });
    await turn();
    closed = true;
    bench.cursors.close();
    await expect(opening).rejects.toThrow('shut down');
  });

  it('lets go of the task when it is left before its first batch is pulled', async () => {
    expect(bench.queues.taskIds()).toEqual([bench.task.taskId]);
    await stream.return();
    expect(bench.queues.taskIds()).toEqual([]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});
