import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import type { CallContext } from '../../../security/call-context.js';
import type { ClaimedRun, QueueDemand } from '../../../tasks/run-store.interface.js';
import {
  begin,
  beginInterrupted,
  caller,
  chunk,
  incoming,
  newTask,
  pause,
  status,
  strangersTo,
  Writer,
} from '../fixtures.js';
import { withPeer, type Subject } from '../open-suite.js';

export function runQueue(subject: Subject): void {
  const anAgent = (): string => `agent-${newId()}`;
  /** Makes tasks wait, in this order. */
  const wait = async (...contexts: CallContext[]): Promise<string[]> => {
    const ids: string[] = [];
    for (const context of contexts) {
      const task = newTask();
      await subject().tasks.create(context, task);
      ids.push(task.taskId);
      // Their order is that of their times.
      await pause(2);
    }
    return ids;
  };
  const times = (n: number, context: CallContext): CallContext[] => Array.from({ length: n }, () => context);
  const claim = async (agent: string, wanted: Partial<QueueDemand> = {}): Promise<string[]> => {
    const claimed = await subject().runs.claimQueued('r', { limit: 100, agents: new Map([[agent, 100]]), ...wanted });
    return claimed.map(({ run }) => run.taskId);
  };

  describe('claimQueued', () => {
    it('takes tasks that wait, oldest first, at most as many as it may', async () => {
      const { tasks, runs } = subject();
      const context = caller({ agent: anAgent() });
      const agents = new Map([[context.agent, 100]]);
      const ids = await wait(...times(5, context));
      await begin(subject(), context);
      await beginInterrupted(subject(), context);
      const first = await runs.claimQueued('r1', { limit: 3, agents });
      expect(first.map(({ run }) => run.taskId)).toEqual(ids.slice(0, 3));
      expect(first[0]).toMatchObject({ lastSeq: 1, turn: 1, attempt: 1, crashes: 0, failures: 0 });
      expect(first[0]?.run).toMatchObject({ fence: 2, owner: context.owner, agent: context.agent });
      expect(await tasks.head(context, ids[0] ?? '')).toMatchObject({ runOwner: 'r1', fence: 2, turn: 1, attempt: 1 });
      expect((await runs.claimQueued('r2', { limit: 10, agents })).map(({ run }) => run.taskId)).toEqual(ids.slice(3));
      expect(await runs.claimQueued('r3', { limit: 10, agents })).toEqual([]);
      const [{ run } = { run: undefined }] = first;
      if (!run) throw new Error('nothing was taken');
      const late = { run: { ...run, fence: 1 }, firstSeq: 2, events: [chunk('x')] };
      expect(await tasks.append(late)).toMatchObject({ ok: false });
      expect(await new Writer(tasks, run).append(chunk('x'))).toMatchObject({ ok: true });
    });

    it('gives each task to one replica', async () => {
      const context = caller({ agent: anAgent() });
      const agents = new Map([[context.agent, 100]]);
      await wait(...times(12, context));
      await withPeer(subject(), async (peer) => {
        const claims = await Promise.all(
          [0, 1, 2, 3, 4, 5].map((n) =>
            (n % 2 === 0 ? subject() : peer).runs.claimQueued(`r${n}`, { limit: 4, agents }),
          ),
        );
        const rest: ClaimedRun[] = await peer.runs.claimQueued('last', { limit: 100, agents });
        const ids = [...claims.flat(), ...rest].map(({ run }) => run.taskId);
        expect(ids).toHaveLength(12);
        expect(new Set(ids).size).toBe(12);
      });
    });

    it('takes them in turns between owners, whatever their tenants, in order for each of them', async () => {
      const agent = anAgent();
      const [a, b] = [caller({ agent }), caller({ agent })];
      const [a1, a2, a3, b1, b2] = await wait(a, { ...a, tenant: 't' }, { ...a, tenant: 'u' }, b, b);
      expect(await claim(agent, { limit: 4 })).toEqual([a1, b1, a2, b2]);
      expect(await claim(agent)).toEqual([a3]);
    });

    it('takes the tenants of an owner in turns, in order for each of them', async () => {
      const agent = anAgent();
      const a = caller({ agent, tenant: 't' });
      const b = { ...a, tenant: 'u' };
      const [a1, a2, a3, a4, b1, b2] = await wait(a, a, a, a, b, b);
      const running = [{ tenant: 't', owner: a.owner, runs: 1 }];
      expect(await claim(agent, { limit: 3, running })).toEqual([b1, a1, b2]);
      expect(await claim(agent)).toEqual([a2, a3, a4]);
    });

    it('takes, where two run the same, first what is of the one who was served longer ago', async () => {
      const agent = anAgent();
      const [a, b, c] = [caller({ agent }), caller({ agent }), caller({ agent })];
      const [a1, a2, b1, b2, c1, c2] = await wait(a, a, b, b, c, c);
      const of = ({ tenant, owner }: CallContext, runs: number) => ({ tenant, owner, runs });
      // One slot: nothing runs when it becomes free.
      expect(await claim(agent, { limit: 1, running: [of(a, 0)] })).toEqual([b1]);
      expect(await claim(agent, { limit: 1, running: [of(a, 0), of(b, 0)] })).toEqual([c1]);
      const running = [of(c, 0), of(a, 1), of(b, 1)];
      expect(await claim(agent, { running })).toEqual([c2, a1, b2, a2]);
    });

    it('counts what runs here for whose turn it is', async () => {
      const agent = anAgent();
      const [a, b] = [caller({ agent }), caller({ agent })];
      const [a1, a2, b1, b2, b3] = await wait(a, a, b, b, b);
      const running = [{ tenant: a.tenant, owner: a.owner, runs: 2 }];
      expect(await claim(agent, { running })).toEqual([b1, b2, a1, b3, a2]);
    });

    it('passes over agents that are not here or have no room, however many of theirs come first', async () => {
      const context = caller({ agent: anAgent() });
      const other = { ...context, agent: anAgent() };
      const ids = await wait(...times(8, context), ...times(3, other));
      const agents = (room: number) =>
        new Map([
          [context.agent, room],
          [other.agent, 2],
        ]);
      expect(await claim(other.agent, { limit: 1 })).toEqual([ids[8]]);
      expect(await claim('', { agents: agents(0), limit: 1 })).toEqual([ids[9]]);
      expect(await claim('', { agents: agents(2) })).toEqual([ids[0], ids[1], ids[10]]);
      expect(await claim('', { agents: new Map() })).toEqual([]);
      expect(await claim(context.agent)).toEqual(ids.slice(2, 8));
    });

    it('gives an owner no more by way of another tenant', async () => {
      const agent = anAgent();
      const a = caller({ agent, tenant: 't1' });
      const [a1, a2] = await wait(a, { ...a, tenant: 't2' }, { ...a, tenant: 't3' });
      const running = [{ tenant: 't4', owner: a.owner, runs: 1 }];
      expect(await claim(agent, { running, maxPerOwner: () => 1 })).toEqual([]);
      expect(await claim(agent, { running, maxPerOwner: () => 2 })).toEqual([a1]);
      expect(await claim(agent, { maxPerOwner: () => 1 })).toEqual([a2]);
    });

    it('gives no tenant and no owner more than it may have, what runs here counted', async () => {
      const agent = anAgent();
      const [a, b] = [caller({ agent, tenant: 't1' }), caller({ agent, tenant: 't1' })];
      const c = caller({ agent, tenant: 't2' });
      const [a1, a2, a3, b1, b2, c1] = await wait(a, a, a, b, b, c);
      const running = [{ tenant: 't1', owner: a.owner, runs: 1 }];
      expect(await claim(agent, { running, maxPerOwner: () => 1 })).toEqual([b1, c1]);
      expect(await claim(agent, { running, maxPerTenant: () => 1 })).toEqual([]);
      expect(await claim(agent, { running, maxPerOwner: () => 2, maxPerTenant: () => 2 })).toEqual([b2]);
      expect(await claim(agent, { maxPerOwner: () => 2 })).toEqual([a1, a2]);
      expect(await claim(agent, { maxPerOwner: () => 2 })).toEqual([a3]);
    });

    it('takes what another replica leaves when both come at once', async () => {
      const context = caller({ agent: anAgent() });
      const agents = new Map([[context.agent, 100]]);
      await wait(...times(40, context));
      await withPeer(subject(), async (peer) => {
        const claims = await Promise.all([
          subject().runs.claimQueued('r1', { limit: 10, agents }),
          peer.runs.claimQueued('r2', { limit: 10, agents }),
        ]);
        expect(claims.map((claimed) => claimed.length)).toEqual([10, 10]);
        expect(new Set(claims.flat().map(({ run }) => run.taskId)).size).toBe(20);
      });
      await claim(context.agent);
    });

    it('says that a cancel was wished', async () => {
      const context = caller({ agent: anAgent() });
      const [taskId = ''] = await wait(context);
      await subject().runs.requestCancel(context, taskId);
      const agents = new Map([[context.agent, 1]]);
      const claimed = await subject().runs.claimQueued('r', { limit: 1, agents });
      expect(claimed).toMatchObject([{ cancelRequested: true, run: { taskId } }]);
    });
  });

  describe('enqueueTurn', () => {
    const message = async (context: CallContext): Promise<string> => {
      const { run } = await beginInterrupted(subject(), context);
      await subject().inbox.put(context, run.taskId, incoming('more'), 'd', 10);
      return run.taskId;
    };

    it('puts the next turn of a task into the line, behind what waits already, once', async () => {
      const { tasks, runs } = subject();
      const context = caller({ agent: anAgent() });
      const taskId = await message(context);
      const [waiting] = await wait(context);
      const before = await tasks.head(context, taskId);
      expect(await runs.enqueueTurn(context, taskId)).toBe(true);
      const head = await tasks.head(context, taskId);
      expect(head).toEqual({ ...before, turn: 2, attempt: 0, fence: (before?.fence ?? 0) + 1 });
      expect(await runs.enqueueTurn(context, taskId)).toBe(false);
      expect(await tasks.head(context, taskId)).toEqual(head);
      expect(await runs.countWaiting(10, context.owner)).toBe(2);
      expect(await runs.tasksWithPendingMessages(10, [context.agent])).toEqual([]);
      expect(await runs.claimTurn(context, taskId, 'r')).toBeUndefined();
      const agents = new Map([[context.agent, 10]]);
      const claimed = await runs.claimQueued('r', { limit: 10, agents });
      expect(claimed.map(({ run }) => run.taskId)).toEqual([waiting, taskId]);
      expect(claimed[1]).toMatchObject({ turn: 2, attempt: 1, crashes: 0, failures: 0 });
      expect(await runs.startedTurn((claimed[1] as ClaimedRun).run)).toMatchObject({ turn: 1 });
    });

    it('changes nothing of a task that is run, waits for a start, has no message, has ended, or is of others', async () => {
      const { tasks, runs, inbox } = subject();
      const context = caller({ agent: anAgent() });
      const running = await begin(subject(), context);
      const ended = await begin(subject(), context);
      const unstarted = (await wait(context))[0] ?? '';
      for (const taskId of [running.run.taskId, ended.run.taskId, unstarted])
        await inbox.put(context, taskId, incoming('more'), 'd', 10);
      await ended.write(status('TASK_STATE_COMPLETED'));
      const quiet = await beginInterrupted(subject(), context);
      for (const taskId of [running.run.taskId, ended.run.taskId, unstarted, quiet.run.taskId]) {
        const before = await tasks.head(context, taskId);
        expect(await runs.enqueueTurn(context, taskId)).toBe(false);
        expect(await tasks.head(context, taskId)).toEqual(before);
      }
      expect(await runs.enqueueTurn(context, 'nope')).toBe(false);
      const taskId = await message(context);
      for (const stranger of strangersTo(context)) expect(await runs.enqueueTurn(stranger, taskId)).toBe(false);
      expect(await runs.enqueueTurn(context, taskId)).toBe(true);
      await claim(context.agent);
    });

    it('takes its turn between owners like new tasks', async () => {
      const agent = anAgent();
      const [a, b] = [caller({ agent }), caller({ agent })];
      const ids = [await message(a), await message(a), await message(a)];
      for (const id of ids) {
        await subject().runs.enqueueTurn(a, id);
        await pause(2);
      }
      const [b1] = await wait(b);
      expect(await claim(agent)).toEqual([ids[0], b1, ids[1], ids[2]]);
    });

    it('leaves a task in the line that can be canceled', async () => {
      const { runs, tasks } = subject();
      const context = caller({ agent: anAgent() });
      const taskId = await message(context);
      await runs.enqueueTurn(context, taskId);
      const seized = await runs.forceClaim(context, taskId, 'r');
      if (!seized) throw new Error('not taken');
      const head = await tasks.head(context, taskId);
      await new Writer(tasks, seized.run, head?.lastSeq).write(status('TASK_STATE_CANCELED'));
      expect(await claim(context.agent)).toEqual([]);
      expect(await runs.countWaiting(10, context.owner)).toBe(0);
    });
  });

  describe('countWaiting', () => {
    it('counts the waiting of all and of an owner in all tenants, no further than it is told', async () => {
      const { runs } = subject();
      const agent = anAgent();
      const [a, b] = [caller({ agent }), caller({ agent })];
      const elsewhere = { ...a, tenant: 'elsewhere' };
      const before = await runs.countWaiting(100_000);
      await wait(a, a, a, b, elsewhere, { ...a, agent: anAgent() });
      expect(await runs.countWaiting(100_000)).toBe(before + 6);
      expect(await runs.countWaiting(2)).toBe(2);
      expect(await runs.countWaiting(100, a.owner)).toBe(5);
      expect(await runs.countWaiting(3, a.owner)).toBe(3);
      expect(await runs.countWaiting(100, b.owner)).toBe(1);
      expect(await runs.countWaiting(100, caller({ agent }).owner)).toBe(0);
      await claim(agent);
      expect(await runs.countWaiting(100, a.owner)).toBe(1);
    });
  });
}
