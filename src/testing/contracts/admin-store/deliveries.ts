import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import { at, begin, caller, HOUR, pushConfig } from '../fixtures.js';
import type { OperatorStores } from '../../../tasks/stores.js';
import type { Subject } from '../open-suite.js';
import { artifact, due, notified } from '../outbox/support.js';
import { allPages, helpersOf } from './support.js';

export function deliveries(subject: Subject<OperatorStores>): void {
  const { deliveriesOf, webhookOf, deadLetter, drain } = helpersOf(subject);

  describe('webhooks', () => {
    it('are shown with what is owed to them, and without their secrets', async () => {
      const { admin, pushConfigs } = subject();
      const context = caller({ tenant: 'acme' });
      const writer = await begin(subject(), context);
      const { taskId } = writer.run;
      const secrets = { token: 'the-token', authentication: { scheme: 'Bearer', credentials: 'the-credentials' } };
      await pushConfigs.put(context, taskId, pushConfig('first', { ...secrets, wireVersion: '0.3' }), 10);
      await pushConfigs.put(context, taskId, pushConfig('second'), 10);
      await writer.write(artifact('a'), artifact('b'));
      const { rows } = await admin.webhooks({ taskId });
      expect(rows.map(({ configId }) => configId)).toEqual(['second', 'first']);
      expect(rows[1]).toEqual({
        ...{ taskId, configId: 'first', agent: 'lab', owner: context.owner, tenant: 'acme', protocolVersion: '0.3' },
        ...{ url: 'https://example.invalid/hook', createdAt: expect.any(String), owed: 2, deadLetters: 0 },
        dueAt: expect.any(String),
      });
      expect(JSON.stringify(rows)).not.toMatch(/the-token|the-credentials/);
    });

    it('are of all owners, and are found by task, by owner, and when they are disabled', async () => {
      const { admin, pushConfigs } = subject();
      const [one, two] = [await notified(subject(), 'a', 'b'), await notified(subject(), 'c')];
      const { owner } = one.run;
      await pushConfigs.disable(one.run.taskId, 'a', 'gone');
      const of = (filter: object, limit = 50) =>
        allPages((page) => admin.webhooks(filter, { ...page, limit })).then((rows) => rows.map((row) => row.configId));
      expect(await of({ owner })).toEqual(['b', 'a']);
      expect(await of({ owner }, 1)).toEqual(['b', 'a']);
      expect(await of({ owner, disabled: true })).toEqual(['a']);
      expect(await of({ taskId: two.run.taskId })).toEqual(['c']);
      expect(await of({ taskId: two.run.taskId, owner })).toEqual([]);
      expect(await of({ taskId: 'no id' })).toEqual([]);
      const all = await allPages((page) => admin.webhooks({}, { ...page, limit: 3 }));
      const keys = all.map(({ taskId, configId }) => `${taskId} ${configId}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toEqual(expect.arrayContaining([`${one.run.taskId} b`, `${two.run.taskId} c`]));
    });
  });

  describe('deliveries', () => {
    it('are what is owed and what was given up, newest first', async () => {
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'), artifact('c'));
      const id = await deadLetter(writer);
      const [owed, dead] = [await deliveriesOf(writer, 'owed'), await deliveriesOf(writer, 'dead')];
      const { taskId } = writer.run;
      expect(owed.map(({ seq }) => seq)).toEqual([4, 3]);
      expect(owed[0]).toMatchObject({ taskId, configId: 'c', url: 'https://example.invalid/hook', attempts: 0 });
      expect(owed[0]).toHaveProperty('dueAt');
      expect(dead).toEqual([
        {
          ...{ id, taskId, configId: 'c', seq: 2, url: 'https://example.invalid/hook', attempts: 0, attemptLog: [] },
          ...{ deadAt: expect.any(String), deadReason: 'The response has HTTP status 500.' },
        },
      ]);
      expect((await deliveriesOf(writer)).map(({ seq }) => seq)).toEqual([4, 3, 2]);
      const { admin } = subject();
      const paged = await allPages((page) => admin.deliveries({ taskId, configId: 'c' }, { ...page, limit: 1 }));
      expect(paged.map(({ seq }) => seq)).toEqual([4, 3, 2]);
      expect((await admin.deliveries({ taskId, configId: 'd' })).rows).toEqual([]);
      expect((await admin.deliveries({ id })).rows).toEqual(dead);
      expect((await admin.deliveries({ id, state: 'owed' })).rows).toEqual([]);
      for (const none of ['no id', '999999999999', `${newId()}:2:c`])
        expect((await admin.deliveries({ id: none })).rows).toEqual([]);
      expect((await admin.deliveries({ taskId: 'no id' })).rows).toEqual([]);
      expect(await webhookOf(writer)).toMatchObject({ owed: 2, deadLetters: 1 });
    });

    it('that were given up are counted for their webhook until they are delivered or deleted', async () => {
      const { admin, outbox, pushConfigs } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { pushConfigs: [pushConfig('c'), pushConfig('d')] });
      const count = async (): Promise<unknown> =>
        (await admin.webhooks({ taskId: writer.run.taskId })).rows
          .map(({ configId, deadLetters }) => [configId, deadLetters])
          .sort();
      await writer.write(artifact('a'), artifact('b'), artifact('c'));
      await pushConfigs.disable(writer.run.taskId, 'd', 'gone');
      const first = await deadLetter(writer);
      const second = await deadLetter(writer);
      expect(await count()).toEqual([
        ['c', 2],
        ['d', 4],
      ]);
      const [entry] = await due(subject(), [writer]);
      await outbox.complete([entry?.id ?? '']);
      expect(await count()).toEqual([
        ['c', 2],
        ['d', 4],
      ]);
      await admin.drop(first);
      await admin.redrive(second);
      expect(await count()).toEqual([
        ['c', 0],
        ['d', 4],
      ]);
    });

    it('have a log of their last ten attempts, which a redrive keeps', async () => {
      const { admin, outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'));
      const attempt = (n: number) => ({ at: at(n), status: 500 + n, ms: n, excerpt: `"answer" ${n} 😀` });
      for (let n = 1; n <= 11; n++) {
        const [entry] = await due(subject(), [writer]);
        expect(entry?.attempts).toBe(n - 1);
        await outbox.retry(entry!, 0, attempt(n));
        await outbox.retry(entry!, 0, attempt(n));
      }
      const [entry] = await due(subject(), [writer]);
      await outbox.deadLetter(entry!.id, 'enough', { at: at(12), error: 'timeout', ms: 12 });
      const log = [...Array.from({ length: 9 }, (_, n) => attempt(n + 3)), { at: at(12), error: 'timeout', ms: 12 }];
      expect(await deliveriesOf(writer, 'dead')).toMatchObject([{ attempts: 12, attemptLog: log }]);
      expect(await deliveriesOf(writer, 'owed')).toMatchObject([{ attempts: 0, attemptLog: [] }]);
      await admin.redrive(entry!.id);
      expect((await deliveriesOf(writer)).map(({ attempts, attemptLog }) => [attempts, attemptLog])).toEqual([
        [0, []],
        [0, log],
      ]);
      expect(await drain(writer)).toEqual([2, 3]);
    });

    it('are counted in the figures', async () => {
      const { admin, outbox } = subject();
      // What other tests left.
      for (let left = await outbox.take(1000, HOUR); left.length > 0; left = await outbox.take(1000, HOUR))
        for (const { id } of left) await outbox.deadLetter(id, 'of another test');
      const before = (await admin.figures()).deliveries;
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'), artifact('c'));
      await deadLetter(writer);
      const after = (await admin.figures()).deliveries;
      expect([after.owed - before.owed, after.dead - before.dead]).toEqual([2, 1]);
      expect(Number.isNaN(Date.parse(after.oldestDueAt ?? ''))).toBe(false);
    });
  });
}
