import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { brief, CursorBench, pull, read, type Reader, turn } from './testing/cursor-bench.js';

const chunk = { text: 'x' };

describe('a reader of DefaultTaskCursors', () => {
  let bench: CursorBench;

  beforeEach(async () => {
    bench = await CursorBench.create();
  });
  afterEach(() => {
    bench.cursors.close();
    // No test may leave a tap open.
    expect(bench.queues.taskIds()).toEqual([]);
  });

  describe('while the storage is unreachable', () => {
    it('tells a new reader at once', async () => {
      bench.store.outages = 1;
      await expect(bench.open().next()).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    });

    it('lets a reader that is under way wait', async () => {
      const reader = bench.open();
      expect(await pull(reader)).toBe('T1');
      await bench.task.append(chunk);
      bench.publish(await bench.task.append('TASK_STATE_COMPLETED'));
      bench.store.outages = 2;
      expect(await read(reader)).toBe('2 3!');
    });

    it('gives up after a while', async () => {
      bench.options({ retryForMs: 100 });
      const reader = bench.open();
      expect(await pull(reader)).toBe('T1');
      await bench.task.append(chunk);
      bench.publish(await bench.task.append(chunk));
      bench.store.outages = Infinity;
      await expect(reader.next()).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    });
  });

  describe('leaving', () => {
    it('does not touch anything before the first pull', async () => {
      const reader = bench.open();
      expect(bench.queues.taskIds()).toEqual([]);
      await reader.return();
      expect(await pull(reader)).toBe('end');
    });

    it('ends a pull that waits on abort, and drops the tap', async () => {
      const abort = new AbortController();
      const reader = bench.open({ signal: abort.signal });
      expect(await pull(reader)).toBe('T1');
      const waiting = pull(reader);
      await turn();
      abort.abort();
      expect(await waiting).toBe('end');
    });

    it('drops the tap on abort although no pull comes', async () => {
      const abort = new AbortController();
      const reader = bench.open({ signal: abort.signal });
      await reader.next();
      expect(bench.queues.taskIds()).toEqual([bench.task.taskId]);
      abort.abort();
      expect(bench.queues.taskIds()).toEqual([]);
    });

    it('does not wait for a storage that hangs', async () => {
      bench.store.gate = new Promise(() => {});
      const abort = new AbortController();
      const waiting = pull(bench.open({ signal: abort.signal }));
      await turn();
      abort.abort();
      expect(await waiting).toBe('end');
    });

    it('gives nothing when the signal is aborted already', async () => {
      expect(await read(bench.open({ signal: AbortSignal.abort() }))).toBe('');
    });

    it('ends a pull that waits when the consumer returns', async () => {
      const reader = bench.open();
      expect(await pull(reader)).toBe('T1');
      const waiting = pull(reader);
      await turn();
      await reader.return();
      expect(await waiting).toBe('end');
    });

    it('drops the tap when the consumer breaks off', async () => {
      for await (const batch of bench.open()) {
        expect(brief(batch)).toBe('T1');
        break;
      }
      expect(bench.queues.taskIds()).toEqual([]);
    });

    it('is no longer asked for', async () => {
      bench.options({ pollMs: 1 });
      const reader = bench.open();
      await reader.next();
      await reader.return();
      const { lastSeqs } = bench.store.calls;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(bench.store.calls.lastSeqs).toBe(lastSeqs);
    });

    it('ends all readers on close', async () => {
      const readers = [bench.open(), bench.open({ afterSeq: 1 })];
      const ends = Promise.all(readers.map(read));
      await turn();
      bench.cursors.close();
      expect(await ends).toEqual(['T1', '']);
    });

    it('ends also those that begin after the close, as those of a call do that came in just before', async () => {
      const opened = bench.open();
      bench.cursors.close();
      expect(await Promise.all([opened, bench.open({ afterSeq: 1 })].map(read))).toEqual(['', '']);
    });

    it('gives what it has heard of before its end on close, pulled or taken', async () => {
      const readers = [bench.open(), bench.open(), bench.open()];
      for (const reader of readers) expect(await pull(reader)).toBe('T1');
      const [waiting, direct, late] = readers as [Reader, Reader, Reader];
      const ends = read(waiting);
      await turn();
      let heard = false;
      expect(direct.whenMore?.(() => (heard = true))).toBe(true);
      bench.publish(await bench.task.append(chunk, 'TASK_STATE_COMPLETED'));
      bench.cursors.close();
      expect(await ends).toBe('2 3!');
      expect([heard, brief(direct.take?.() ?? []), direct.take?.()]).toEqual([true, '2 3!', undefined]);
      expect([await pull(direct), await read(late)]).toEqual(['end', '2 3!']);
    });

    it.each([0, 1, 2, 3, 4, 5, 6, 8, 10])(
      'loses nothing that it is giving at the close, %d steps before',
      async (steps) => {
        const reader = bench.open();
        expect(await pull(reader)).toBe('T1');
        const [second, third] = [await bench.task.append(chunk), await bench.task.append(chunk)];
        bench.publish(second);
        const giving = read(reader);
        for (let step = 0; step < steps; step++) await Promise.resolve();
        bench.publish(third);
        bench.cursors.close();
        expect(await giving).toBe('2 3');
      },
    );
  });
});
