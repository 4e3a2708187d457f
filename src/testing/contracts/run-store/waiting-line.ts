import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import type { CallContext } from '../../../security/call-context.js';
import type { ClaimedRun, WaitingWanted } from '../../../tasks/run-store.interface.js';
import { begin, beginInterrupted, caller, chunk, newTask, pause, Writer } from '../fixtures.js';
import { withPeer, type Subject } from '../open-suite.js';

export function waitingLine(subject: Subject): void {
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
  const claim = async (agent: string, wanted: Partial<WaitingWanted> = {}): Promise<string[]> => {
    const claimed = await subject().runs.claimWaiting('r', { limit: 100, agents: new Map([[agent, 100]]), ...wanted });
    return claimed.map(({ run }) => run.taskId);
  };

  describe('claimWaiting', () => {
    it('takes tasks that wait, oldest first, at most as many as it may', async () => {
      const { tasks, runs } = subject();
      const context = caller({ agent: anAgent() });
      const agents = new Map([[context.agent, 100]]);
      const ids = await wait(...times(5, context));
      await begin(subject(), context);
      await beginInterrupted(subject(), context);
      const first = await runs.claimWaiting('r1', { limit: 3, agents });
      expect(first.map(({ run }) => run.taskId)).toEqual(ids.slice(0, 3));
      expect(first[0]).toMatchObject({ lastSeq: 1, turn: 1, attempt: 1, losses: 0, failures: 0 });
      expect(first[0]?.run).toMatchObject({ fence: 2, owner: context.owner, agent: context.agent });
      expect(await tasks.head(context, ids[0] ?? '')).toMatchObject({ runOwner: 'r1', fence: 2, turn: 1, attempt: 1 });
      expect((await runs.claimWaiting('r2', { limit: 10, agents })).map(({ run }) => run.taskId)).toEqual(ids.slice(3));
      expect(await runs.claimWaiting('r3', { limit: 10, agents })).toEqual([]);
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
            (n % 2 === 0 ? subject() : peer).runs.claimWaiting(`r${n}`, { limit: 4, agents }),
          ),
        );
        const rest: ClaimedRun[] = await peer.runs.claimWaiting('last', { limit: 100, agents });
        const ids = [...claims.flat(), ...rest].map(({ run }) => run.taskId);
        expect(ids).toHaveLength(12);
        expect(new Set(ids).size).toBe(12);
      });
    });

    it('takes them in turns between owners and tenants, in order for each of them', async () => {
      const agent = anAgent();
      const [a, b] = [caller({ agent }), caller({ agent })];
      const c = { ...a, tenant: 'another' };
      const [a1, a2, a3, b1, b2, c1] = await wait(a, a, a, b, b, c);
      expect(await claim(agent, { limit: 4 })).toEqual([a1, b1, c1, a2]);
      expect(await claim(agent)).toEqual([a3, b2]);
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

    it('gives no tenant and no owner more than it may have, what runs here counted', async () => {
      const agent = anAgent();
      const [a, b] = [caller({ agent, tenant: 't1' }), caller({ agent, tenant: 't1' })];
      const c = caller({ agent, tenant: 't2' });
      const [a1, a2, a3, b1, b2, c1] = await wait(a, a, a, b, b, c);
      const running = [{ tenant: 't1', owner: a.owner, runs: 1 }];
      expect(await claim(agent, { running, maxPerOwner: 1 })).toEqual([b1, c1]);
      expect(await claim(agent, { running, maxPerTenant: 1 })).toEqual([]);
      expect(await claim(agent, { running, maxPerOwner: 2, maxPerTenant: 2 })).toEqual([b2]);
      expect(await claim(agent, { maxPerOwner: 2 })).toEqual([a1, a2]);
      expect(await claim(agent, { maxPerOwner: 2 })).toEqual([a3]);
    });

    it('takes what another replica leaves when both come at once', async () => {
      const context = caller({ agent: anAgent() });
      const agents = new Map([[context.agent, 100]]);
      await wait(...times(40, context));
      await withPeer(subject(), async (peer) => {
        const claims = await Promise.all([
          subject().runs.claimWaiting('r1', { limit: 10, agents }),
          peer.runs.claimWaiting('r2', { limit: 10, agents }),
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
      const claimed = await subject().runs.claimWaiting('r', { limit: 1, agents });
      expect(claimed).toMatchObject([{ cancelRequested: true, run: { taskId } }]);
    });
  });

  describe('countWaiting', () => {
    it('counts the waiting of all and of an owner in a tenant, no further than it is told', async () => {
      const { runs } = subject();
      const agent = anAgent();
      const [a, b] = [caller({ agent }), caller({ agent })];
      const elsewhere = { ...a, tenant: 'elsewhere' };
      const before = await runs.countWaiting(100_000);
      await wait(a, a, a, b, elsewhere, { ...a, agent: anAgent() });
      expect(await runs.countWaiting(100_000)).toBe(before + 6);
      expect(await runs.countWaiting(2)).toBe(2);
      expect(await runs.countWaiting(100, a)).toBe(4);
      expect(await runs.countWaiting(3, a)).toBe(3);
      expect(await runs.countWaiting(100, b)).toBe(1);
      expect(await runs.countWaiting(100, elsewhere)).toBe(1);
      expect(await runs.countWaiting(100, caller({ agent }))).toBe(0);
      await claim(agent);
      expect(await runs.countWaiting(100, a)).toBe(1);
    });
  });
}
