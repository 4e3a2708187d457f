import { describe, expect, it } from '@jest/globals';
import type { OutboxEntry } from '../../tasks/outbox.interface.js';
import { pendingEvent } from '../../tasks/pending-event.js';
import { begin, beginInterrupted, caller, chunk, HOUR, pushConfig, status } from './fixtures.js';
import { choosing } from './outbox/choosing.js';
import { artifact, due, dueAfter, notified, seqs } from './outbox/support.js';
import { openForSuite, withPeer, type OpenFunction } from './open-suite.js';

/** In ms: long enough for a slow machine to look before it is over. */
const SOON = 3_000;

/** What every Outbox must do. */
export function outboxContract(name: string, open: OpenFunction): void {
  describe(`Outbox (${name})`, () => {
    const subject = openForSuite(open);
    choosing(subject);

    it('owes nothing for a task without a config', async () => {
      const writer = await notified(subject());
      await writer.write(artifact('a'), status('TASK_STATE_COMPLETED'));
      expect(await due(subject(), [writer])).toEqual([]);
    });

    it('owes each config each status and each whole artifact, one at a time and in order', async () => {
      const { outbox } = subject();
      const writer = await notified(subject(), 'c1', 'c2');
      const events = [artifact('a'), artifact('b'), status('TASK_STATE_COMPLETED')];
      await writer.write(...events);
      for (const [index, { kind, data, state }] of events.entries()) {
        const entries = await due(subject(), [writer]);
        expect(entries.map(({ config }) => config.id).sort()).toEqual(['c1', 'c2']);
        const { taskId, contextId } = writer.run;
        for (const { event, attempts, id } of entries) {
          expect(event).toMatchObject({ taskId, contextId, seq: index + 2, kind, data });
          expect(event.state).toBe(state);
          expect(attempts).toBe(0);
          await outbox.complete([id]);
        }
      }
      expect(await due(subject(), [writer])).toEqual([]);
    });

    it('owes no chunks of an artifact that grows, but its last', async () => {
      const { outbox } = subject();
      const writer = await notified(subject(), 'c');
      const last = { artifactId: 'out', parts: [{ text: '"append":true}' }] };
      const update = { taskId: '', contextId: '', artifact: last, append: true, lastChunk: true };
      await writer.write(
        artifact('a'),
        chunk('b'),
        chunk('"lastChunk":true'),
        pendingEvent({ artifactUpdate: update }),
        chunk('d'),
      );
      await writer.write(status('TASK_STATE_COMPLETED'));
      for (const seq of [2, 5, 7]) {
        const entries = await due(subject(), [writer]);
        expect(seqs(entries)).toEqual([seq]);
        for (const { id } of entries) await outbox.complete([id]);
      }
      expect(await due(subject(), [writer])).toEqual([]);
    });

    it('does not make one config wait for another, nor for the same name at another task', async () => {
      const { outbox } = subject();
      const [one, two] = [await notified(subject(), 'c', 'd'), await notified(subject(), 'c')];
      for (const writer of [one, two]) await writer.write(artifact('a'), artifact('b'));
      const first = await due(subject(), [one, two]);
      expect(first).toHaveLength(3);
      const done = first.find(({ event, config }) => event.taskId === one.run.taskId && config.id === 'd');
      await outbox.complete([done?.id ?? '']);
      const next = await due(subject(), [one, two]);
      expect(next.map(({ config, event }) => [event.taskId, config.id, event.seq])).toEqual([[one.run.taskId, 'd', 3]]);
    });

    it('owes nothing for an append that was refused', async () => {
      const { tasks } = subject();
      const writer = await notified(subject(), 'c');
      await tasks.append({ run: writer.run, firstSeq: 9, events: [artifact('x')] });
      await tasks.append({ run: { ...writer.run, fence: 7 }, firstSeq: 2, events: [artifact('x')] });
      expect(await due(subject(), [writer])).toEqual([]);
    });

    it('gives at most limit entries, and each to one taker', async () => {
      const { outbox } = subject();
      await due(subject(), []);
      const writers = await Promise.all(Array.from({ length: 12 }, () => notified(subject(), 'c')));
      await Promise.all(writers.map((writer) => writer.write(artifact('a'))));
      expect(await outbox.take(2, HOUR)).toHaveLength(2);
      await withPeer(subject(), async (peer) => {
        const takes = await Promise.all([0, 1, 2, 3, 4].map((n) => (n % 2 === 0 ? outbox : peer.outbox).take(3, HOUR)));
        const ids = [...takes.flat(), ...(await outbox.take(100, HOUR))].map(({ id }) => id);
        expect(ids).toHaveLength(10);
        expect(new Set(ids).size).toBe(10);
      });
    });

    it('gives no more after the event that passes the bytes, and at least one', async () => {
      const { outbox } = subject();
      await due(subject(), []);
      const writers = await Promise.all(Array.from({ length: 4 }, () => notified(subject(), 'c')));
      for (const writer of writers) await writer.write(artifact('x'.repeat(1000)));
      expect(await outbox.take(10, HOUR, { maxBytes: 1 })).toHaveLength(1);
      expect(await outbox.take(10, HOUR, { maxBytes: 3000 })).toHaveLength(2);
      expect(await outbox.take(10, HOUR, { maxBytes: 3000 })).toHaveLength(1);
      expect(await outbox.take(10, HOUR, { maxBytes: 3000 })).toHaveLength(0);
    });

    it('hides what was taken, with its successors, until the lease is over', async () => {
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'));
      const [first] = await due(subject(), [writer], SOON);
      expect(await due(subject(), [writer])).toEqual([]);
      const again = await dueAfter(SOON, subject(), [writer]);
      expect(again.map(({ id }) => id)).toEqual([first?.id]);
    });

    it('tries again after the delay, and counts', async () => {
      const { outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'));
      const [first] = await due(subject(), [writer]);
      if (first) await outbox.retry(first, SOON);
      expect(await due(subject(), [writer])).toEqual([]);
      const [second] = await dueAfter(SOON, subject(), [writer]);
      expect(second).toMatchObject({ id: first?.id, attempts: 1 });
      if (second) await outbox.retry(second, 0);
      expect(await due(subject(), [writer])).toMatchObject([{ id: first?.id, attempts: 2 }]);
      await outbox.complete([first?.id ?? '']);
      expect(seqs(await due(subject(), [writer]))).toEqual([3]);
    });

    it('buries what cannot be delivered, out of the way of its successors', async () => {
      const { outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'));
      const [first] = await due(subject(), [writer], 0);
      await outbox.deadLetter(first?.id ?? '', 'the receiver is gone');
      const next = await due(subject(), [writer]);
      expect(seqs(next)).toEqual([3]);
      await outbox.complete([next[0]?.id ?? '']);
      expect(await due(subject(), [writer])).toEqual([]);
    });

    it('gives back what was taken without counting it', async () => {
      const { outbox } = subject();
      const [one, two] = [await notified(subject(), 'c'), await notified(subject(), 'c')];
      for (const writer of [one, two]) await writer.write(artifact('a'), artifact('b'));
      const taken = await due(subject(), [one, two]);
      await outbox.release(
        taken.map(({ id }) => id),
        0,
      );
      const again = await due(subject(), [one, two]);
      expect(again.map(({ id, attempts }) => [id, attempts]).sort()).toEqual(taken.map(({ id }) => [id, 0]).sort());
      await outbox.release([again[0]?.id ?? '', 'unknown'], SOON);
      expect(await due(subject(), [one, two])).toEqual([]);
      expect((await dueAfter(SOON, subject(), [one, two])).map(({ id }) => id)).toEqual([again[0]?.id]);
    });

    it('counts the deliveries to a config that were given up since the last that was completed', async () => {
      const { outbox } = subject();
      const writer = await notified(subject(), 'c', 'other');
      await writer.write(...['a', 'b', 'c', 'd'].map(artifact));
      const first = async (): Promise<string> => {
        const entries = await due(subject(), [writer], 0);
        return entries.find(({ config }) => config.id === 'c')?.id ?? '';
      };
      expect(await outbox.deadLetter(await first(), 'x')).toBe(1);
      expect(await outbox.deadLetter(await first(), 'x')).toBe(2);
      await outbox.complete([await first()]);
      expect(await outbox.deadLetter(await first(), 'x')).toBe(1);
      expect(await outbox.deadLetter(await first(), 'x')).toBe(0);
    });

    it('counts a try and a delivery that is given up once, also when it is told twice', async () => {
      const { outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'), artifact('b'), artifact('c'));
      const take = async (): Promise<OutboxEntry> => {
        const [entry] = await due(subject(), [writer], 0);
        if (!entry) throw new Error('nothing is due');
        return entry;
      };
      const first = await take();
      for (let told = 0; told < 2; told++) await outbox.retry(first, 0);
      expect(await take()).toMatchObject({ id: first.id, attempts: 1 });
      for (let told = 0; told < 2; told++) expect(await outbox.deadLetter(first.id, 'x')).toBe(1);
      const second = await take();
      expect(second).toMatchObject({ event: { seq: 3 }, attempts: 0 });
      expect(await outbox.deadLetter(second.id, 'x')).toBe(2);
      expect(await outbox.deadLetter(first.id, 'x')).toBe(2);
      const third = await take();
      for (let told = 0; told < 2; told++) await outbox.complete([third.id]);
      expect(await due(subject(), [writer], 0)).toEqual([]);
    });

    it('gives each entry the config as it is now', async () => {
      const { pushConfigs } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const config = pushConfig('c', { token: 't', authentication: { scheme: 'Bearer', credentials: 's' } });
      await pushConfigs.put(context, writer.run.taskId, config, 10);
      await writer.write(artifact('a'));
      expect(await due(subject(), [writer], 0)).toMatchObject([{ config }]);
      const replaced = pushConfig('c', { url: 'https://new.invalid', wireVersion: '0.3' });
      await pushConfigs.put(context, writer.run.taskId, replaced, 10);
      expect((await due(subject(), [writer])).map((entry) => entry.config)).toEqual([replaced]);
    });

    it('tells listeners of its own process when something is owed, until they leave', async () => {
      const { outbox } = subject();
      const [with_, without] = [await notified(subject(), 'c'), await notified(subject())];
      let calls = 0;
      const leave = outbox.onOwed(() => calls++);
      await without.write(artifact('a'));
      expect(calls).toBe(0);
      await with_.write(artifact('a'));
      expect(calls).toBe(1);
      await begin(subject(), caller(), { pushConfigs: [pushConfig('c')] });
      expect(calls).toBe(2);
      leave();
      await with_.write(artifact('b'));
      expect(calls).toBe(2);
    });

    it('takes no offence at an entry that is not there', async () => {
      const { outbox } = subject();
      const writer = await notified(subject(), 'c');
      await writer.write(artifact('a'));
      const [entry] = await due(subject(), [writer]);
      await outbox.complete([entry?.id ?? '']);
      await outbox.complete([entry?.id ?? '']);
      if (entry) await outbox.retry(entry, 0);
      await outbox.deadLetter(entry?.id ?? '', 'late');
      expect(await due(subject(), [writer])).toEqual([]);
    });

    it('still owes the events of a task whose log was trimmed, and none of a deleted one', async () => {
      const { tasks } = subject();
      const [trimmed, deleted] = [await notified(subject(), 'c'), await notified(subject(), 'c')];
      for (const writer of [trimmed, deleted]) await writer.write(artifact('a'), status('TASK_STATE_COMPLETED'));
      await tasks.trim(trimmed.run.taskId, 3);
      await tasks.delete({ ...caller(), ...deleted.run }, deleted.run.taskId);
      const entries = await due(subject(), [trimmed, deleted]);
      expect(entries.map(({ event }) => [event.taskId, event.seq, event.data])).toEqual([
        [trimmed.run.taskId, 2, artifact('a').data],
      ]);
    });

    it('owes what is appended by a later run too', async () => {
      const stores = subject();
      const context = caller();
      const writer = await beginInterrupted(stores, context);
      await stores.pushConfigs.put(context, writer.run.taskId, pushConfig('c'), 10);
      const seized = await stores.runs.forceClaim(context, writer.run.taskId, 'r');
      if (!seized) throw new Error('not seized');
      await stores.tasks.append({ run: seized.run, firstSeq: 3, events: [status('TASK_STATE_CANCELED')] });
      expect(seqs(await due(stores, [writer]))).toEqual([3]);
    });
  });
}
