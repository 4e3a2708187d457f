import { expect, it } from '@jest/globals';
import type { DueDelivery, OutboxEntry } from '../../../tasks/outbox.interface.js';

import { begin, caller, HOUR, pushConfig, status, type Writer } from '../fixtures.js';
import type { Subject } from '../open-suite.js';
import { artifact, due, notified, seqs } from './support.js';

/** Which deliveries are taken, and what is done with many of them at once. */
export function choosing(subject: Subject): void {
  it('takes what is chosen, by owner, host and time, in the order of the choice', async () => {
    const { outbox, pushConfigs } = subject();
    await due(subject(), []);
    const [ann, bob] = [caller({ owner: 'ann' }), caller({ owner: 'bob', tenant: 'acme' })];
    const writers = [await begin(subject(), ann), await begin(subject(), bob)] as const;
    const url = (host: string): { url: string } => ({ url: `https://${host}/hook?x=y` });
    await pushConfigs.put(ann, writers[0].run.taskId, pushConfig('a1', url('one.invalid:8443')), 10);
    await pushConfigs.put(ann, writers[0].run.taskId, pushConfig('a2', url('two.invalid')), 10);
    await pushConfigs.put(bob, writers[1].run.taskId, pushConfig('b1', url('one.invalid:8443')), 10);
    await pushConfigs.put(bob, writers[1].run.taskId, pushConfig('b2', url('three.invalid')), 10);
    await pushConfigs.put(bob, writers[1].run.taskId, pushConfig('b2', url('four.invalid')), 10);
    for (const writer of writers) await writer.write(artifact('a'));
    const seen: DueDelivery[] = [];
    const choose = <D extends DueDelivery>(found: readonly D[]): D[] => {
      seen.push(...found);
      return found.filter(({ owner }) => owner === 'bob').sort((a, b) => (a.host < b.host ? -1 : 1));
    };
    const taken = await outbox.take(10, HOUR, { choose });
    expect(taken.map(({ config }) => config.id)).toEqual(['b2', 'b1']);
    const { owner, tenant, agent } = bob;
    expect(taken.map(({ scope }) => scope)).toEqual([
      { owner, tenant, agent },
      { owner, tenant, agent },
    ]);
    expect(seen.map((one) => `${one.owner} ${one.host}`).sort()).toEqual([
      'ann one.invalid:8443',
      'ann two.invalid',
      'bob four.invalid',
      'bob one.invalid:8443',
    ]);
    for (const { dueAt } of seen) expect(dueAt - Date.now()).toBeLessThan(HOUR);
    expect((await due(subject(), [...writers])).map(({ config }) => config.id).sort()).toEqual(['a1', 'a2']);
  });

  it('hides nothing behind what is passed over, however much that is', async () => {
    const { outbox, pushConfigs } = subject();
    await due(subject(), []);
    const context = caller();
    const crowd = await Promise.all(Array.from({ length: 12 }, () => begin(subject(), context)));
    const put = (writer: Writer, id: string, host: string) =>
      pushConfigs.put(context, writer.run.taskId, pushConfig(id, { url: `https://${host}/` }), 100);
    const crowded = crowd.map(async (writer) => {
      for (let n = 0; n < 45; n++) await put(writer, `c${n}`, n % 2 ? 'crowd.invalid' : 'other-crowd.invalid');
      await writer.write(artifact('a'));
    });
    await Promise.all(crowded);
    const late = await begin(subject(), context);
    await put(late, 'late', 'quiet.invalid');
    await late.write(artifact('a'));
    const choose = <D extends DueDelivery>(found: readonly D[]): D[] =>
      found.filter(({ host }) => host === 'quiet.invalid');
    for (let looks = 0; looks < 2; looks++) {
      const taken = await outbox.take(10, 0, { choose });
      expect(taken.map(({ config }) => config.id)).toEqual(['late']);
    }
    for (const { run } of [...crowd, late]) await subject().tasks.delete(context, run.taskId);
  }, 120_000);

  it('says of each entry what is known of its config: that newer ones follow, and what was given up', async () => {
    const { outbox } = subject();
    const writer = await notified(subject(), 'c');
    await writer.write(...['a', 'b', 'c'].map(artifact));
    const looks: unknown[] = [];
    for (let n = 0; n < 3; n++) {
      const [entry] = await due(subject(), [writer]);
      looks.push([entry?.givenUp, entry?.followed]);
      if (n < 1) await outbox.deadLetter(entry?.id ?? '', 'x');
      else await outbox.complete([entry?.id ?? '']);
    }
    expect(looks).toEqual([
      [0, true],
      [1, true],
      [0, false],
    ]);
  });

  it('completes many at once', async () => {
    const { outbox } = subject();
    const writers = await Promise.all(Array.from({ length: 5 }, () => notified(subject(), 'c', 'd')));
    for (const writer of writers) await writer.write(artifact('a'), artifact('b'));
    const first = await due(subject(), writers);
    expect(first).toHaveLength(10);
    await outbox.complete([...first.map(({ id }) => id), first[0]?.id ?? '', 'unknown']);
    const second = await due(subject(), writers);
    expect(seqs(second)).toEqual(Array<number>(10).fill(3));
    await outbox.complete(second.map(({ id }) => id));
    expect(await due(subject(), writers)).toEqual([]);
  });

  it('skips artifacts that something newer follows', async () => {
    const { outbox } = subject();
    const writer = await notified(subject(), 'c', 'other');
    await writer.write(artifact('a'), artifact('b'), status('TASK_STATE_WORKING'), artifact('c'), artifact('d'));
    const mine = async (): Promise<OutboxEntry | undefined> =>
      (await due(subject(), [writer])).find(({ config }) => config.id === 'c');
    const first = await mine();
    expect(first?.event.seq).toBe(2);
    await outbox.skipFollowed(first?.id ?? '');
    const second = await mine();
    expect(second).toMatchObject({ event: { seq: 4 }, followed: true });
    await outbox.skipFollowed(second?.id ?? '');
    expect((await mine())?.event.seq).toBe(4);
    await outbox.complete([second?.id ?? '']);
    await outbox.skipFollowed((await mine())?.id ?? '');
    const last = await mine();
    expect(last).toMatchObject({ event: { seq: 6 }, followed: false, attempts: 0 });
    await outbox.skipFollowed(last?.id ?? '');
    expect((await mine())?.id).toBe(last?.id);
    await outbox.skipFollowed('unknown');
    await outbox.complete([last?.id ?? '']);
    expect(await mine()).toBeUndefined();
  });
}
