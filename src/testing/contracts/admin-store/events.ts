import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import { begin, caller, chunk, pause, status } from '../fixtures.js';
import type { OperatorStores } from '../../../tasks/stores.js';
import type { Subject } from '../open-suite.js';

export function events(subject: Subject<OperatorStores>): void {
  describe('events', () => {
    it('come with the time of their commit, the fence of their run, and their size', async () => {
      const { admin, tasks, runs } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const { taskId } = writer.run;
      await writer.write(status('TASK_STATE_WORKING'), chunk('a'));
      await pause(5);
      const claimed = await runs.forceClaim(context, taskId, 'another');
      const ending = status('TASK_STATE_CANCELED');
      await tasks.append({ run: claimed?.run ?? writer.run, firstSeq: 4, events: [ending] });
      const found = (await admin.events(taskId, 0)) ?? [];
      expect(found.map(({ seq, kind, fence }) => [seq, kind, fence])).toEqual([
        [1, 'task', 1],
        [2, 'status', 1],
        [3, 'artifact', 1],
        [4, 'status', 2],
      ]);
      const page = await tasks.eventsAfter(context, taskId, 0);
      expect(found.map(({ event }) => event.text)).toEqual(page?.events.map(({ text }) => text));
      const row = await admin.task(taskId);
      expect(found.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(row?.bytes);
      const [first = '', second, third, last = ''] = found.map(({ at }) => at);
      expect(first).toBe(row?.createdAt);
      expect(third).toBe(second);
      expect(Date.parse(last)).toBeGreaterThan(Date.parse(third ?? ''));
    });

    it('have times that never decrease, and that a repeated append does not change', async () => {
      const { admin, tasks } = subject();
      const writer = await begin(subject(), caller());
      for (let n = 0; n < 20; n++) await writer.write(chunk(`${n}`), chunk(`${n}`));
      const times = async (): Promise<(string | undefined)[]> =>
        ((await admin.events(writer.run.taskId, 0)) ?? []).map(({ at }) => at);
      const before = await times();
      expect(before).toHaveLength(41);
      expect(before).toEqual([...before].sort());
      await pause(5);
      expect(await tasks.append({ run: writer.run, firstSeq: 40, events: [chunk('19'), chunk('19')] })).toMatchObject({
        ok: false,
      });
      expect(await times()).toEqual(before);
    });

    it('are read from a seq on, up to a number and up to a size', async () => {
      const { admin } = subject();
      const writer = await begin(subject(), caller());
      const { taskId } = writer.run;
      await writer.write(...Array.from({ length: 9 }, (_, n) => chunk('x'.repeat(1000), `out-${n}`)));
      const seqs = async (...values: Parameters<typeof admin.events> extends [string, ...infer R] ? R : never) =>
        (await admin.events(taskId, ...values))?.map(({ seq }) => seq);
      expect(await seqs(4)).toEqual([5, 6, 7, 8, 9, 10]);
      expect(await seqs(4, { limit: 2 })).toEqual([5, 6]);
      expect(await seqs(4, { maxBytes: 1500 })).toEqual([5, 6]);
      expect(await seqs(4, { maxBytes: 1 })).toEqual([5]);
      expect(await seqs(10)).toEqual([]);
      expect(await seqs(99)).toEqual([]);
      expect(await admin.events(newId(), 0)).toBeUndefined();
      expect(await admin.events('no id', 0)).toBeUndefined();
    });

    it('of a trimmed log are those that are left', async () => {
      const { admin, tasks } = subject();
      const writer = await begin(subject(), caller());
      const { taskId } = writer.run;
      await writer.write(chunk('a'), chunk('b'), status('TASK_STATE_COMPLETED'));
      await tasks.trim(taskId, 2);
      expect((await admin.events(taskId, 0))?.map(({ seq }) => seq)).toEqual([3, 4]);
      await tasks.trim(taskId, 4);
      expect(await admin.events(taskId, 0)).toEqual([]);
      expect(await admin.task(taskId)).toMatchObject({ lastSeq: 4, trimmedSeq: 4 });
    });
  });
}
