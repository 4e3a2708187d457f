import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isInterrupted } from '../protocol/state/task-state.js';
import { foldLog } from '../tasks/fold-log.js';
import { CursorBench, pull, read, turn } from './testing/cursor-bench.js';
import { readerContext, TaskFeeder } from './testing/task-feeder.js';

const chunk = { text: 'x' };

describe('DefaultTaskCursors', () => {
  let bench: CursorBench;

  beforeEach(async () => {
    bench = await CursorBench.create();
  });
  afterEach(() => {
    bench.cursors.close();
    // No test may leave a tap open.
    expect(bench.queues.taskIds()).toEqual([]);
  });

  describe('a reader without a position', () => {
    it('gets the task as of M, then M+1 and on, in batches of all that is there', async () => {
      await bench.task.append('TASK_STATE_WORKING', chunk);
      const reader = bench.open();
      const first = await reader.next();
      expect(first.value).toMatchObject([{ type: 'snapshot', seq: 3, final: false }]);
      const [item] = first.value ?? [];
      expect(item?.type === 'snapshot' && item.document.task).toEqual(foldLog(bench.task.log));
      bench.publish(await bench.task.append(chunk, chunk));
      bench.publish(await bench.task.append(chunk));
      expect(await pull(reader)).toBe('4 5 6');
      const waiting = pull(reader);
      await turn();
      bench.publish(await bench.task.append('TASK_STATE_COMPLETED'));
      expect(await waiting).toBe('7!');
      expect(await pull(reader)).toBe('end');
    });

    it('gets what is committed between the snapshot and its first wait once', async () => {
      let opened = (): void => {};
      bench.store.gate = new Promise((resolve) => (opened = resolve));
      const reader = bench.open();
      const first = pull(reader);
      bench.publish(await bench.task.append(chunk, chunk));
      opened();
      expect(await first).toBe('T3');
      bench.publish(await bench.task.append('TASK_STATE_FAILED'));
      expect(await pull(reader)).toBe('4!');
    });

    it('gets one final snapshot of a task that has ended', async () => {
      await bench.task.append('TASK_STATE_REJECTED');
      expect(await read(bench.open())).toBe('T2!');
    });

    it('throws TASK_NOT_FOUND at the first pull, for a task of somebody else as for one that is not there', async () => {
      await expect(bench.open({ taskId: 'nowhere' }).next()).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
      const context = { ...readerContext, owner: 'eve' };
      await expect(bench.open({ context }).next()).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
      await expect(bench.open({ context, afterSeq: 0 }).next()).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
    });
  });

  describe('a reader with a position', () => {
    it('gets what follows it, without a snapshot', async () => {
      await bench.task.append(chunk, chunk, 'TASK_STATE_COMPLETED');
      expect(await read(bench.open({ afterSeq: 2 }))).toBe('3 4!');
      expect(await read(bench.open({ afterSeq: 0 }))).toBe('1 2 3 4!');
    });

    it('ends at once behind the last event of a task that has ended', async () => {
      await bench.task.append('TASK_STATE_COMPLETED');
      expect(await read(bench.open({ afterSeq: 2 }))).toBe('');
    });

    it('ends at once when the state that the task is in ends its stream', async () => {
      await bench.task.append('TASK_STATE_INPUT_REQUIRED');
      expect(await read(bench.open({ afterSeq: 2, endsAt: isInterrupted }))).toBe('');
    });

    it('ends with the last event when the status that ends its stream lies behind its position', async () => {
      await bench.task.append('TASK_STATE_INPUT_REQUIRED', chunk, chunk);
      expect(await read(bench.open({ afterSeq: 2, endsAt: isInterrupted }))).toBe('3 4!');
    });

    it('gets a snapshot when it lies beyond the log, or is no position', async () => {
      await bench.task.append('TASK_STATE_COMPLETED');
      for (const afterSeq of [3, 2 ** 40, -1, 0.5, NaN]) expect(await read(bench.open({ afterSeq }))).toBe('T2!');
    });

    it('follows after a snapshot that it got for a position beyond the log', async () => {
      const reader = bench.open({ afterSeq: 99 });
      expect(await pull(reader)).toBe('T1');
      bench.publish(await bench.task.append('TASK_STATE_COMPLETED'));
      expect(await read(reader)).toBe('2!');
    });

    it('gets a snapshot when what follows was trimmed', async () => {
      await bench.task.append(chunk, chunk);
      await bench.store.trim(bench.task.taskId, 2);
      const reader = bench.open({ afterSeq: 1 });
      expect(await pull(reader)).toBe('T3');
      await reader.return();
      const other = bench.open({ afterSeq: 2 });
      expect(await pull(other)).toBe('3');
      await other.return();
    });

    it('reads a long log page by page', async () => {
      bench.options({ batchItems: 2 });
      await bench.task.append(chunk, chunk, chunk, 'TASK_STATE_COMPLETED');
      const reader = bench.open({ afterSeq: 0 });
      expect([await pull(reader), await pull(reader), await pull(reader), await pull(reader)]).toEqual([
        '1 2',
        '3 4',
        '5!',
        'end',
      ]);
    });
  });

  it('ends with the first status that its policy accepts, and leaves what follows', async () => {
    await bench.task.append('TASK_STATE_WORKING', 'TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_WORKING', chunk);
    expect(await read(bench.open({ afterSeq: 1, endsAt: isInterrupted }))).toBe('2 3!');
  });

  it('goes back to the log when its tap overflows, and to the tap when it has caught up', async () => {
    bench.options({ tapLimits: { maxItems: 2 } });
    const reader = bench.open();
    expect(await pull(reader)).toBe('T1');
    for (let i = 0; i < 5; i += 1) bench.publish(await bench.task.append(chunk));
    expect(await pull(reader)).toBe('2 3 4 5 6');
    const reads = bench.store.calls.eventsAfter;
    bench.publish(await bench.task.append('TASK_STATE_COMPLETED'));
    expect(await read(reader)).toBe('7!');
    expect(bench.store.calls.eventsAfter).toBe(reads);
  });

  it('goes back to the log when an event was not published here', async () => {
    const reader = bench.open();
    expect(await pull(reader)).toBe('T1');
    await bench.task.append(chunk);
    bench.publish(await bench.task.append('TASK_STATE_COMPLETED'));
    expect(await read(reader)).toBe('2 3!');
  });

  it('reads the log when the bus speaks of a later event, and only then', async () => {
    const reader = bench.open();
    expect(await pull(reader)).toBe('T1');
    const waiting = pull(reader);
    bench.bus.wake([{ taskId: bench.task.taskId, seq: 1 }]);
    await turn();
    await turn();
    expect(bench.store.calls.eventsAfter).toBe(0);
    await bench.task.append('TASK_STATE_COMPLETED');
    bench.bus.wake([{ taskId: bench.task.taskId, seq: 2 }]);
    expect(await waiting).toBe('2!');
  });

  it('hears a wake that comes while it reads its first snapshot', async () => {
    let opened = (): void => {};
    const reader = bench.open();
    bench.store.gate = new Promise((resolve) => (opened = resolve));
    const first = pull(reader);
    bench.bus.wake([{ taskId: bench.task.taskId, seq: 2 }]);
    await turn();
    opened();
    expect(await first).toBe('T1');
    await bench.task.append('TASK_STATE_COMPLETED');
    expect(await read(reader)).toBe('2!');
  });

  it('hears a wake that comes while it reads the log', async () => {
    const reader = bench.open({ afterSeq: 1 });
    const { store, task } = bench;
    const eventsAfter = store.eventsAfter.bind(store);
    jest.spyOn(store, 'eventsAfter').mockImplementationOnce(async (...args) => {
      const page = await eventsAfter(...args);
      await task.append('TASK_STATE_COMPLETED');
      bench.bus.wake([{ taskId: task.taskId, seq: 2 }]);
      await turn();
      return page;
    });
    expect(await read(reader)).toBe('2!');
  });

  it('does not take the state of a later event for the state where it resumed', async () => {
    const { store, task } = bench;
    const head = store.head.bind(store);
    jest.spyOn(store, 'head').mockImplementationOnce(async (...args) => {
      bench.publish(await task.append('TASK_STATE_WORKING', 'TASK_STATE_INPUT_REQUIRED'));
      return head(...args);
    });
    expect(await read(bench.open({ afterSeq: 1, endsAt: isInterrupted }))).toBe('2 3!');
  });

  it('finds what nobody told it of by asking, in one query for all readers', async () => {
    bench.options({ pollMs: 5 });
    const other = await TaskFeeder.create(bench.store);
    const readers = [bench.open(), bench.open(), bench.open({ taskId: other.taskId })];
    for (const reader of readers) expect(await pull(reader)).toBe('T1');
    const waiting = Promise.all(readers.map(read));
    await turn();
    const before = bench.store.calls.lastSeqs;
    await bench.task.append('TASK_STATE_COMPLETED');
    await other.append(chunk, 'TASK_STATE_COMPLETED');
    expect(await waiting).toEqual(['2!', '2!', '2 3!']);
    expect(bench.store.calls.lastSeqs - before).toBeLessThanOrEqual(2);
  });

  it('listens anew when the queue of the task is closed', async () => {
    const reader = bench.open();
    expect(await pull(reader)).toBe('T1');
    const waiting = pull(reader);
    await turn();
    await bench.queues.close(bench.task.taskId);
    await turn();
    bench.publish(await bench.task.append('TASK_STATE_COMPLETED'));
    expect(await waiting).toBe('2!');
  });

  it('says that a task is gone when it is deleted under its reader', async () => {
    bench.options({ pollMs: 5 });
    const reader = bench.open();
    expect(await pull(reader)).toBe('T1');
    await bench.store.delete(readerContext, bench.task.taskId);
    await expect(pull(reader)).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
    expect(await pull(reader)).toBe('end');
  });

  it('gets a snapshot again when it was so slow that what it missed was trimmed', async () => {
    bench.options({ tapLimits: { maxItems: 1 } });
    const reader = bench.open();
    expect(await pull(reader)).toBe('T1');
    bench.publish(await bench.task.append(chunk, chunk, chunk));
    await bench.store.trim(bench.task.taskId, 3);
    expect(await pull(reader)).toBe('T4');
    bench.publish(await bench.task.append('TASK_STATE_COMPLETED'));
    expect(await read(reader)).toBe('5!');
  });
});
