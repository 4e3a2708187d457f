import { describe, expect, it } from '@jest/globals';
import { begin, caller, chunk, status, strangersTo, incoming } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

export function scope(subject: Subject): void {
  describe('scope', () => {
    it('answers another owner, tenant or agent as if the task were not there', async () => {
      const { tasks, runs, inbox } = subject();
      const context = caller({ tenant: 't' });
      const { run } = await begin(subject(), context);
      const { taskId } = run;
      const queued = await inbox.put(context, taskId, incoming('mine'), 'd', 10);
      if (queued.result !== 'queued') throw new Error(queued.result);
      for (const stranger of strangersTo(context)) {
        expect(await tasks.head(stranger, taskId)).toBeUndefined();
        expect(await tasks.get(stranger, taskId)).toBeUndefined();
        expect(await tasks.eventsAfter(stranger, taskId, 0)).toBeUndefined();
        expect(await tasks.list(stranger, {})).toEqual({ tasks: [], nextPageToken: '', pageSize: 50, totalSize: 0 });
        expect(await tasks.lastSeqs([{ ...stranger, taskId }])).toEqual(new Map());
        expect(await tasks.delete(stranger, taskId)).toBe(false);
        expect(await runs.requestCancel(stranger, taskId)).toBeUndefined();
        expect(await runs.forceClaim(stranger, taskId, 'thief')).toBeUndefined();
        expect(await runs.claimTurn(stranger, taskId, 'thief')).toBeUndefined();
        expect(await inbox.put(stranger, taskId, incoming('theirs'), 'd', 10)).toEqual({ result: 'missing' });
        expect(await inbox.waiting(stranger, taskId, queued.id)).toBe(false);
        expect(await inbox.withdraw(stranger, taskId, queued.id)).toBe(false);
        const foreign = { ...run, owner: stranger.owner, tenant: stranger.tenant, agent: stranger.agent };
        expect(await tasks.append({ run: foreign, firstSeq: 2, events: [chunk('x')] })).toMatchObject({
          ok: false,
          reason: 'missing',
        });
        expect(await inbox.peek(foreign)).toBeUndefined();
        expect(await runs.release(foreign)).toBe('fenced');
        expect(await runs.nextTurn(foreign, 1)).toBe(false);
      }
      expect(await tasks.head(context, taskId)).toMatchObject({
        lastSeq: 1,
        fence: 1,
        turn: 1,
        runOwner: expect.any(String),
      });
      expect(await inbox.waiting(context, taskId, queued.id)).toBe(true);
    });

    it('does not mistake a scope for another that reads the same when joined', async () => {
      const { tasks } = subject();
      const base = caller();
      const [left, right] = [
        { ...base, owner: `${base.owner}a`, tenant: 'b' },
        { ...base, owner: base.owner, tenant: 'ab' },
      ];
      const { run } = await begin(subject(), left, { messageId: 'm' });
      expect(await tasks.head(right, run.taskId)).toBeUndefined();
      expect((await tasks.list(right, {})).totalSize).toBe(0);
      expect((await begin(subject(), right, { messageId: 'm' })).run.taskId).not.toBe(run.taskId);
    });

    it('answers ids that no task has as not there', async () => {
      const { tasks, runs, inbox } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      for (const taskId of ['nope', '', "x' or '1'='1", '%', 'é'.repeat(256), '00000000-0000-7000-8000-000000000000']) {
        expect(await tasks.head(context, taskId)).toBeUndefined();
        expect(await tasks.get(context, taskId)).toBeUndefined();
        expect(await tasks.eventsAfter(context, taskId, 0)).toBeUndefined();
        expect(await tasks.delete(context, taskId)).toBe(false);
        expect(await runs.requestCancel(context, taskId)).toBeUndefined();
        expect(await runs.forceClaim(context, taskId, 'r')).toBeUndefined();
        expect(await runs.takeover(taskId, 'r')).toBeUndefined();
        expect(await inbox.put(context, taskId, incoming('x'), 'd', 10)).toEqual({ result: 'missing' });
        const result = await tasks.append({
          run: { ...run, taskId },
          firstSeq: 2,
          events: [status('TASK_STATE_WORKING')],
        });
        expect(result).toMatchObject({ ok: false, reason: 'missing' });
      }
    });

    it('gives the newest seqs of the tasks that are there', async () => {
      const { tasks } = subject();
      const [context, other] = [caller(), caller()];
      const one = await begin(subject(), context);
      const two = await begin(subject(), other);
      await two.write(chunk('a'), chunk('b'));
      const asked = [
        { ...context, taskId: one.run.taskId },
        { ...other, taskId: two.run.taskId },
        { ...context, taskId: two.run.taskId },
        { ...context, taskId: 'nope' },
      ];
      const seqs = await tasks.lastSeqs(asked.slice(0, 2));
      expect(seqs).toEqual(
        new Map([
          [one.run.taskId, 1],
          [two.run.taskId, 3],
        ]),
      );
      expect(await tasks.lastSeqs(asked.slice(2))).toEqual(new Map());
      expect(await tasks.lastSeqs([])).toEqual(new Map());
    });
  });
}
