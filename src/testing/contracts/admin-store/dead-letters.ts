import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import { handlerConfig } from '../../../tasks/handler-config.js';
import type { OperatorStores } from '../../../tasks/stores.js';
import { begin, caller, chunk, HOUR, pushConfig, status } from '../fixtures.js';
import type { Subject } from '../open-suite.js';
import { artifact, due, notified } from '../outbox/support.js';
import { helpersOf } from './support.js';

/** What operators do with deliveries that were given up. */
export function deadLetters(subject: Subject<OperatorStores>): void {
  const { deliveriesOf, webhookOf, deadLetter, drain } = helpersOf(subject);

  describe('redrive', () => {
    it('owes a dead letter again at once, before what came after it', async () => {
      const { admin, outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'), artifact('c'));
      const id = await deadLetter(writer);
      const [next] = await due(subject(), [writer]);
      await outbox.retry(next!, HOUR);
      expect(await admin.redrive(id)).toBe(true);
      const [entry] = await due(subject(), [writer]);
      expect(entry).toMatchObject({ id, attempts: 0, givenUp: 0 });
      await outbox.complete([id]);
      expect((await deliveriesOf(writer)).map(({ seq, deadAt }) => [seq, deadAt])).toEqual([
        [4, undefined],
        [3, undefined],
      ]);
    });

    it('is idempotent, and knows what is no delivery', async () => {
      const { admin, outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'));
      const id = await deadLetter(writer);
      expect(await admin.redrive(id)).toBe(true);
      const [entry] = await due(subject(), [writer]);
      await outbox.retry(entry!, HOUR);
      expect(await admin.redrive(id)).toBe(true);
      expect(await deliveriesOf(writer)).toMatchObject([{ id, attempts: 1 }]);
      expect(await due(subject(), [writer])).toEqual([]);
      for (const unknown of ['', 'x', '999999999', `${newId()}:1:c`]) expect(await admin.redrive(unknown)).toBe(false);
    });

    it('owes a dead letter that is older than all that was delivered, and then what comes', async () => {
      const { admin } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'));
      const id = await deadLetter(writer);
      expect(await drain(writer)).toEqual([3]);
      await admin.redrive(id);
      const [entry] = await due(subject(), [writer]);
      expect(entry).toMatchObject({ id, followed: false });
      await subject().outbox.complete([id]);
      expect(await drain(writer)).toEqual([]);
      await writer.write(artifact('c'));
      expect(await drain(writer)).toEqual([4]);
      expect(await deliveriesOf(writer)).toEqual([]);
    });

    it('loses nothing when a later delivery is under way', async () => {
      const { admin, outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'));
      const id = await deadLetter(writer);
      const [later] = await due(subject(), [writer]);
      await admin.redrive(id);
      await outbox.complete([later?.id ?? '']);
      expect((await drain(writer))[0]).toBe(2);
      expect(await deliveriesOf(writer)).toEqual([]);
    });

    it('makes a delivery that is tried again wait behind it, and gives out again none that is under way', async () => {
      const { admin, outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'), artifact('c'));
      const id = await deadLetter(writer);
      const [later] = await due(subject(), [writer]);
      await admin.redrive(id);
      await outbox.retry(later!, HOUR);
      expect(await due(subject(), [writer])).toMatchObject([{ id }]);
      await outbox.complete([later?.id ?? '']);
      expect(await due(subject(), [writer])).toEqual([]);
      await outbox.complete([id]);
      expect(await drain(writer)).toEqual([4]);
    });

    it('leaves an older delivery that is under way to its taker', async () => {
      const { admin, outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'), artifact('c'));
      const [first, second] = [await deadLetter(writer), await deadLetter(writer)];
      await admin.redrive(first);
      expect(await due(subject(), [writer])).toMatchObject([{ id: first }]);
      await admin.redrive(second);
      expect(await due(subject(), [writer])).toEqual([]);
      await outbox.complete([first]);
      expect(await drain(writer)).toEqual([3, 4]);
    });

    it('enables a disabled webhook: events are owed to it again', async () => {
      const { admin, pushConfigs } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const { taskId } = writer.run;
      await pushConfigs.put(context, taskId, pushConfig('c'), 10);
      await writer.write(artifact('a'), artifact('b'));
      await pushConfigs.disable(taskId, 'c', 'gone');
      await writer.write(artifact('while disabled'));
      expect(await webhookOf(writer)).toMatchObject({ disabledAt: expect.any(String), owed: 0, deadLetters: 2 });
      const [, first] = await deliveriesOf(writer, 'dead');
      expect(await admin.redrive(first?.id ?? '')).toBe(true);
      expect(await webhookOf(writer)).not.toHaveProperty('disabledAt');
      expect(await webhookOf(writer)).toMatchObject({ owed: 1, deadLetters: 1 });
      expect(await pushConfigs.get(context, taskId, 'c')).toBeDefined();
      expect(await admin.task(taskId)).toMatchObject({ webhooks: 1 });
      await writer.write(artifact('c'));
      expect(await drain(writer)).toEqual([2, 5]);
    });

    it('finds what a disabled handler was owed, also when a webhook was stored since', async () => {
      const { admin, pushConfigs } = subject();
      const context = caller();
      const handler = handlerConfig('Mails.send');
      const writer = await begin(subject(), context, { pushConfigs: [handler] });
      const { taskId } = writer.run;
      await pushConfigs.disable(taskId, handler.id, 'stopped by an operator');
      await pushConfigs.put(context, taskId, pushConfig('a'), 10);
      expect(await admin.task(taskId)).toMatchObject({ webhooks: 1 });
      const [dead] = await deliveriesOf(writer, 'dead');
      expect(dead).toMatchObject({ configId: handler.id, url: handler.url, seq: 1 });
      expect(await admin.redrive(dead?.id ?? '')).toBe(true);
      expect(await admin.task(taskId)).toMatchObject({ webhooks: 1 });
      expect(await drain(writer)).toEqual([1]);
    });

    it('works when the log was trimmed since', async () => {
      const { admin, tasks } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), status('TASK_STATE_COMPLETED'));
      const id = await deadLetter(writer);
      expect(await drain(writer)).toEqual([3]);
      await tasks.trim(writer.run.taskId, 3);
      expect(await admin.redrive(id)).toBe(true);
      expect(await drain(writer)).toEqual([2]);
    });
  });

  describe('deleting a webhook', () => {
    it('deletes its dead letters: the next of the same id has none', async () => {
      const { admin, pushConfigs } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const { taskId } = writer.run;
      const put = (id: string) => pushConfigs.put(context, taskId, pushConfig(id), 10);
      for (const remove of [() => pushConfigs.delete(context, taskId, 'c'), () => put('other')]) {
        await put('c');
        await writer.write(artifact('a'));
        await pushConfigs.disable(taskId, 'c', 'gone');
        const [dead] = await deliveriesOf(writer, 'dead');
        await remove();
        expect(await admin.redrive(dead?.id ?? '')).toBe(false);
        await put('c');
        expect(await deliveriesOf(writer, 'dead')).toEqual([]);
      }
    });
  });

  describe('drop', () => {
    it('deletes a dead letter, and nothing that is owed', async () => {
      const { admin } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), chunk('x', 'whole', false));
      const id = await deadLetter(writer);
      const [owed] = await deliveriesOf(writer, 'owed');
      expect(await admin.drop(owed?.id ?? '')).toBe(false);
      expect(await admin.drop(id)).toBe(true);
      expect(await admin.drop(id)).toBe(false);
      expect(await admin.redrive(id)).toBe(false);
      expect((await deliveriesOf(writer)).map(({ seq }) => seq)).toEqual([3]);
    });
  });
}
