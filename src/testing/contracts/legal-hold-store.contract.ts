import { describe, expect, it } from '@jest/globals';
import { newId } from '../../protocol/ids.js';
import { begin, caller, pause, status } from './fixtures.js';
import { type OpenFunction, openForOperators, openForSuite, withPeer } from './open-suite.js';

/** What every LegalHoldStore must do, and what retention must not do meanwhile. */
export function legalHoldStoreContract(name: string, open: OpenFunction): void {
  describe(`LegalHoldStore (${name})`, () => {
    const subject = openForSuite(openForOperators(name, open));

    it('finds a hold, keeps its time when the reason changes, and lifts it once', async () => {
      const owner = `Ö ${newId()}`;
      await withPeer(subject(), async ({ holds }) => {
        expect(await holds.find(owner)).toBeUndefined();
        const before = Date.now();
        await subject().holds.place(owner, 'case 1');
        const placed = (await holds.find(owner))!;
        expect(placed).toMatchObject({ owner, reason: 'case 1' });
        expect(Math.abs(Date.parse(placed.since) - before)).toBeLessThan(60_000);
        await pause(5);
        await subject().holds.place(owner, '"case" 2');
        expect(await holds.find(owner)).toEqual({ ...placed, reason: '"case" 2' });
        expect([await holds.lift(owner), await holds.lift(owner)]).toEqual([true, false]);
        expect(await subject().holds.find(owner)).toBeUndefined();
      });
    });

    it('lists holds page by page', async () => {
      const { holds } = subject();
      const prefix = newId();
      const owners = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${prefix}-${letter}`);
      for (const owner of [...owners].reverse()) await holds.place(owner, 'case');
      const first = await holds.list(prefix, 2);
      const rest = await holds.list(first.at(-1)!.owner);
      const listed = [...first, ...rest].map(({ owner }) => owner);
      expect(listed.filter((owner) => owner.startsWith(prefix))).toEqual(owners);
    });

    it('keeps the tasks of a held owner from being deleted and trimmed, over all tenants, until it is lifted', async () => {
      const { tasks, holds } = subject();
      const agent = `agent-${newId()}`;
      const held = caller({ agent, owner: newId(), tenant: 'x' });
      const other = caller({ agent, owner: newId() });
      await holds.place(held.owner, 'case');
      // Those of the held owner ended first, so a pass meets them before the other.
      for (const context of [held, { ...held, tenant: 'y' }, other]) {
        await (await begin(subject(), context)).write(status('TASK_STATE_COMPLETED'));
      }
      await pause(20);
      const which = { agent, state: 'TASK_STATE_COMPLETED', forMs: 10 } as const;
      expect(await tasks.trimEnded(which, 1)).toBe(1);
      expect(await tasks.trimEnded(which, 10)).toBe(0);
      expect(await tasks.deleteEnded(which, 1)).toBe(1);
      expect(await tasks.deleteEnded(which, 10)).toBe(0);
      const left = async (context: typeof held) => (await tasks.list(context, {})).tasks.length;
      expect([await left(held), await left({ ...held, tenant: 'y' }), await left(other)]).toEqual([1, 1, 0]);
      await holds.lift(held.owner);
      expect(await tasks.trimEnded(which, 10)).toBe(2);
      expect(await tasks.deleteEnded(which, 10)).toBe(2);
    });
  });
}
