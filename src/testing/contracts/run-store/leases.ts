import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import type { Replica } from '../../../tasks/run-store.interface.js';
import {
  at,
  begin,
  beginInterrupted,
  caller,
  chunk,
  expire,
  HOUR,
  pause,
  replica,
  status,
  Writer,
} from '../fixtures.js';
import { withPeer, type Subject } from '../open-suite.js';

export function leases(subject: Subject): void {
  const known = async (id: string): Promise<Replica[]> =>
    (await subject().runs.replicas()).filter((each) => each.id === id);

  describe('renewReplica', () => {
    it('keeps its runs from others, however long its lease was without', async () => {
      const { runs } = subject();
      const owner = await replica(subject(), 20);
      const { run } = await begin(subject(), caller(), { runOwner: owner });
      const [before] = await known(owner);
      await pause(40);
      expect(await runs.takeover(run.taskId, 'r2')).toBeUndefined();
      expect(await runs.renewReplica(owner, 50)).toBe(true);
      const [after] = await known(owner);
      expect(after?.mark).not.toBe(before?.mark);
      expect(await runs.expireReplica(owner, before?.mark ?? '')).toBe(false);
      expect(await runs.takeover(run.taskId, 'r2')).toBeUndefined();
    });

    it('is false once the replica was expired, for good', async () => {
      const { runs } = subject();
      const owner = await replica(subject());
      expect(await expire(subject(), owner)).toBe(true);
      expect(await runs.renewReplica(owner, HOUR)).toBe(false);
      expect(await runs.renewReplica(owner, HOUR)).toBe(false);
      expect(await known(owner)).toEqual([]);
    });

    it('is false for a replica that was removed or never there', async () => {
      const { runs } = subject();
      const owner = await replica(subject());
      await runs.removeReplica(owner);
      expect(await runs.renewReplica(owner, HOUR)).toBe(false);
      expect(await runs.renewReplica(newId(), HOUR)).toBe(false);
    });
  });

  describe('clock', () => {
    it('says the storage’s time in ms, where the storage has one of its own', async () => {
      const { runs } = subject();
      const first = (await runs.clock?.()) ?? Date.now();
      await pause(20);
      const then = (await runs.clock?.()) ?? Date.now();
      expect(then - first).toBeGreaterThanOrEqual(10);
      expect(Math.abs(then - Date.now())).toBeLessThan(HOUR);
    });
  });

  describe('takeover', () => {
    it('takes a task whose owner’s lease is over: fence, attempt and crashes rise', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const old = await begin(subject(), context, { runOwner: await replica(subject(), 0) });
      await old.write(chunk('acknowledged'));
      const { taskId } = old.run;
      const heir = await replica(subject());
      const taken = await runs.takeover(taskId, heir);
      expect(taken).toMatchObject({ lastSeq: 2, turn: 1, attempt: 2, crashes: 1, failures: 0 });
      expect(taken?.run).toMatchObject({ owner: context.owner, taskId, fence: 2 });
      expect(await tasks.head(context, taskId)).toMatchObject({ runOwner: heir, fence: 2, attempt: 2, lastSeq: 2 });
      expect(await old.append(chunk('late'))).toMatchObject({ ok: false, reason: 'fenced' });
      if (taken) await new Writer(tasks, taken.run, taken.lastSeq).write(status('TASK_STATE_FAILED'));
    });

    it('takes a task whose owner is gone', async () => {
      const { runs } = subject();
      const owner = await replica(subject());
      const { run } = await begin(subject(), caller(), { runOwner: owner });
      expect(await runs.takeover(run.taskId, 'r2')).toBeUndefined();
      await runs.removeReplica(owner);
      expect(await runs.takeover(run.taskId, await replica(subject()))).toMatchObject({ run: { fence: 2 } });
    });

    it('takes no task that is alive, has ended, that nobody runs, or that is not there', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const [live, expired] = [await replica(subject()), await replica(subject(), 0)];
      const alive = await begin(subject(), context, { runOwner: live });
      const ended = await begin(subject(), context, { runOwner: expired });
      await ended.write(status('TASK_STATE_COMPLETED'));
      const resting = await beginInterrupted(subject(), context, { runOwner: expired });
      for (const { run } of [alive, ended, resting]) {
        const before = await tasks.head(context, run.taskId);
        expect(await runs.takeover(run.taskId, live)).toBeUndefined();
        expect(await tasks.head(context, run.taskId)).toEqual(before);
      }
      expect(await runs.takeover('nope', live)).toBeUndefined();
    });

    it('has one winner of 20 who take at once', async () => {
      const { tasks } = subject();
      const context = caller();
      const heirs = await Promise.all(Array.from({ length: 20 }, () => replica(subject())));
      const { run } = await begin(subject(), context, { runOwner: await replica(subject(), 0) });
      await withPeer(subject(), async (peer) => {
        const taken = await Promise.all(
          heirs.map((heir, n) => (n % 2 === 0 ? subject() : peer).runs.takeover(run.taskId, heir)),
        );
        expect(taken.filter((claim) => claim !== undefined)).toHaveLength(1);
      });
      expect(await tasks.head(context, run.taskId)).toMatchObject({ fence: 2, attempt: 2 });
    });
  });

  describe('replicas', () => {
    it('are told with their lease, a mark that each renewal changes, and the time since then', async () => {
      const { runs } = subject();
      const [owner, gone] = [await replica(subject(), 1000), await replica(subject())];
      await runs.removeReplica(gone);
      await pause(50);
      expect(await known(gone)).toEqual([]);
      const [first] = await known(owner);
      expect(first).toMatchObject({ id: owner, leaseMs: 1000 });
      expect(first?.ageMs).toBeGreaterThanOrEqual(40);
      expect((await known(owner))[0]?.mark).toBe(first?.mark);
      await runs.renewReplica(owner, 2000);
      const [then] = await known(owner);
      expect(then).toMatchObject({ leaseMs: 2000 });
      expect(then?.mark).not.toBe(first?.mark);
      expect(then?.ageMs).toBeLessThan((first?.ageMs ?? 0) + 10_000);
    });

    it('are expired by one of those that find them lost', async () => {
      const owner = await replica(subject());
      const [row] = await known(owner);
      await withPeer(subject(), async (peer) => {
        const outcomes = await Promise.all(
          Array.from({ length: 10 }, (_, n) =>
            (n % 2 === 0 ? subject() : peer).runs.expireReplica(owner, row?.mark ?? ''),
          ),
        );
        expect(outcomes.filter((expired) => expired)).toHaveLength(1);
      });
      expect(await subject().runs.expireReplica(newId(), row?.mark ?? '')).toBe(false);
    });
  });

  describe('orphanedRuns', () => {
    it('are the running tasks of expired and removed replicas, oldest first', async () => {
      const { runs } = subject();
      const context = caller();
      const [live, expired, gone] = [await replica(subject()), await replica(subject(), 0), await replica(subject())];
      const fates = [expired, gone, live, expired];
      const ids: string[] = [];
      for (const [n, runOwner] of fates.entries()) {
        ids.push((await begin(subject(), context, { runOwner, at: at(n - 1e8) })).run.taskId);
        await pause(2);
      }
      const ended = await begin(subject(), context, { runOwner: expired });
      await ended.write(status('TASK_STATE_COMPLETED'));
      await beginInterrupted(subject(), context, { runOwner: expired });
      await runs.removeReplica(gone);
      const mine = (await runs.orphanedRuns(1000, ['lab'])).filter(({ owner }) => owner === context.owner);
      expect(mine.map(({ taskId }) => taskId)).toEqual([ids[0], ids[1], ids[3]]);
      expect(mine[0]).toEqual(await subject().tasks.head(context, ids[0] ?? ''));
      expect(await runs.orphanedRuns(2, ['lab'])).toHaveLength(2);
      for (const taskId of ids) await subject().tasks.delete(context, taskId);
    });

    it('are those of the agents that are asked for', async () => {
      const { runs } = subject();
      const expired = await replica(subject(), 0);
      const [here, elsewhere] = [caller({ agent: 'here' }), caller({ agent: 'elsewhere' })];
      const { run } = await begin(subject(), here, { runOwner: expired });
      await begin(subject(), elsewhere, { runOwner: expired });
      expect((await runs.orphanedRuns(1000, ['here', 'not-there'])).map(({ taskId }) => taskId)).toEqual([run.taskId]);
      expect(await runs.orphanedRuns(1000, [])).toEqual([]);
    });

    it('are none any more once they are taken over', async () => {
      const { runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context, { runOwner: await replica(subject(), 0) });
      await runs.takeover(run.taskId, await replica(subject()));
      expect((await runs.orphanedRuns(1000, ['lab'])).some(({ taskId }) => taskId === run.taskId)).toBe(false);
    });
  });
}
