import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import type { AdminFigures } from '../../../tasks/admin/admin-rows.js';
import { begin, beginInterrupted, caller, chunk, newTask, pause, replica, status } from '../fixtures.js';
import type { OperatorStores } from '../../../tasks/stores.js';
import type { Subject } from '../open-suite.js';

type Total = Exclude<keyof AdminFigures['lastHour'][number], 'at'>;

const totalOf = ({ lastHour }: AdminFigures, name: Total): number =>
  lastHour.reduce((sum, minute) => sum + minute[name], 0);

export function figures(subject: Subject<OperatorStores>): void {
  describe('figures', () => {
    it('count tasks that have not ended, by agent and state', async () => {
      const agent = `agent-${newId()}`;
      const context = caller({ agent });
      await Promise.all([begin(subject(), context), begin(subject(), context), beginInterrupted(subject(), context)]);
      await (await begin(subject(), context)).write(status('TASK_STATE_COMPLETED'));
      const { open } = await subject().admin.figures();
      expect(open.filter((one) => one.agent === agent).sort((a, b) => a.count - b.count)).toEqual([
        { agent, state: 'TASK_STATE_INPUT_REQUIRED', count: 1 },
        { agent, state: 'TASK_STATE_SUBMITTED', count: 2 },
      ]);
    });

    it('count what runs, and what is queued since when', async () => {
      const { admin, tasks } = subject();
      const before = await admin.figures();
      await begin(subject(), caller());
      await tasks.create(caller(), newTask());
      const after = await admin.figures();
      expect(after.running - before.running).toBe(1);
      expect(after.queued - before.queued).toBe(1);
      expect(Date.parse(after.oldestQueuedAt ?? '')).toBeLessThanOrEqual(Date.now() + 60_000);
      if (before.oldestQueuedAt !== undefined) expect(after.oldestQueuedAt).toBe(before.oldestQueuedAt);
    });

    it('have the last 60 minutes, oldest first, with what was created and what ended in each', async () => {
      const { admin } = subject();
      const before = await admin.figures();
      const states = ['COMPLETED', 'FAILED', 'FAILED', 'CANCELED', 'REJECTED'] as const;
      for (const state of states) await (await begin(subject(), caller())).write(status(`TASK_STATE_${state}`));
      const after = await admin.figures();
      const times = after.lastHour.map(({ at }) => Date.parse(at));
      expect(times).toHaveLength(60);
      expect(times.every((time, index) => time === (times[0] ?? 0) + index * 60_000)).toBe(true);
      const more = (name: Total): number => totalOf(after, name) - totalOf(before, name);
      expect((['created', 'completed', 'failed', 'canceled', 'rejected'] as const).map(more)).toEqual([5, 1, 2, 1, 1]);
    });

    it('tell the time from the creation of a task to its first event', async () => {
      const writers = await Promise.all(Array.from({ length: 200 }, () => begin(subject(), caller())));
      await pause(30);
      await Promise.all(writers.map((writer) => writer.write(chunk('a'))));
      const { firstEventMs } = await subject().admin.figures();
      expect(firstEventMs?.p50).toBeGreaterThanOrEqual(29);
      expect(firstEventMs?.p95).toBeGreaterThanOrEqual(firstEventMs?.p50 ?? Infinity);
    });
  });

  describe('replicas', () => {
    it('are those that are alive, each with its lease and the number of its runs', async () => {
      const { admin, runs } = subject();
      const [busy, idle, gone] = [await replica(subject(), 8_000), await replica(subject()), await replica(subject())];
      await runs.removeReplica(gone);
      await begin(subject(), caller(), { runOwner: busy });
      await begin(subject(), caller({ agent: 'other' }), { runOwner: busy });
      await (await begin(subject(), caller(), { runOwner: busy })).write(status('TASK_STATE_COMPLETED'));
      const found = await admin.replicas();
      expect(found.find(({ id }) => id === busy)).toMatchObject({ leaseMs: 8_000, runs: 2 });
      expect(found.find(({ id }) => id === idle)).toMatchObject({ runs: 0 });
      expect(found.some(({ id }) => id === gone)).toBe(false);
      expect(found.every(({ ageMs }) => ageMs >= 0 && ageMs < 600_000)).toBe(true);
    });
  });
}
