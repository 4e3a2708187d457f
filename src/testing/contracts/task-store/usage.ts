import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import type { CallContext } from '../../../security/call-context.js';
import { begin, caller, chunk, status } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

export function usage(subject: Subject): void {
  describe('usage', () => {
    /** By what the tasks say themselves. */
    async function heldBy(...tasks: readonly (readonly [CallContext, string])[]) {
      const heads = await Promise.all(tasks.map(([context, taskId]) => subject().tasks.head(context, taskId)));
      return { tasks: heads.length, bytes: heads.reduce((sum, head) => sum + head!.bytes, 0) };
    }

    it('is that of an owner over all tenants and agents, or of a tenant over all owners', async () => {
      const { tasks } = subject();
      const [tenant, long] = [`tenant-${newId()}`, `tenant-${newId()}-${'x'.repeat(100)}`];
      const [alice, bob] = [caller({ tenant }), caller({ tenant })];
      const elsewhere = { ...alice, tenant: long, agent: 'other' };
      const one = await begin(subject(), alice);
      const two = await begin(subject(), elsewhere);
      const three = await begin(subject(), bob);
      await one.write(chunk('a'), chunk('bb'));
      await two.write(chunk('é'));
      const [first, second] = [[alice, one.run.taskId] as const, [elsewhere, two.run.taskId] as const];
      expect(await tasks.usage({ owner: alice.owner })).toEqual(await heldBy(first, second));
      expect(await tasks.usage({ tenant })).toEqual(await heldBy(first, [bob, three.run.taskId]));
      expect(await tasks.usage({ tenant: long })).toEqual(await heldBy(second));
      expect(await tasks.usage({ tenant: `${long}y` })).toEqual({ tasks: 0, bytes: 0 });
      expect(await tasks.usage({ owner: `${alice.owner}-else` })).toEqual({ tasks: 0, bytes: 0 });
    });

    it('is right after a task ended, was trimmed and was deleted', async () => {
      const { tasks } = subject();
      const tenant = `tenant-${newId()}`;
      const context = caller({ tenant });
      const one = await begin(subject(), context);
      const two = await begin(subject(), context);
      await one.write(chunk('a'), status('TASK_STATE_COMPLETED'));
      await tasks.trim(one.run.taskId, 3);
      const [first, second] = [[context, one.run.taskId] as const, [context, two.run.taskId] as const];
      const both = await heldBy(first, second);
      expect([await tasks.usage({ owner: context.owner }), await tasks.usage({ tenant })]).toEqual([both, both]);
      await tasks.delete(context, one.run.taskId);
      expect(await tasks.usage({ owner: context.owner })).toEqual(await heldBy(second));
      await two.write(status('TASK_STATE_CANCELED'));
      const which = { agent: context.agent, state: 'TASK_STATE_CANCELED' as const, forMs: 0 };
      while ((await tasks.usage({ tenant })).tasks > 0) await tasks.deleteEnded(which, 1_000);
      for (const whose of [{ owner: context.owner }, { tenant }])
        expect(await tasks.usage(whose)).toEqual({ tasks: 0, bytes: 0 });
    });

    it('does not count a task that was not created, nor events that were refused', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { messageId: 'the same' });
      const before = await tasks.usage({ owner: context.owner });
      await expect(begin(subject(), context, { messageId: 'the same' })).rejects.toThrow();
      expect(await tasks.append({ run: writer.run, firstSeq: 9, events: [chunk('x')] })).toMatchObject({ ok: false });
      expect(await tasks.usage({ owner: context.owner })).toEqual(before);
    });
  });
}
