import { describe, expect, it } from '@jest/globals';
import { at, begin, caller, chunk, newTask, status, userMessage, Writer, incoming } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

export function appending(subject: Subject): void {
  describe('append', () => {
    it('numbers the events without a gap and answers them as committed', async () => {
      const { tasks } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      const events = [status('TASK_STATE_WORKING'), chunk('a'), chunk('b')];
      const result = await tasks.append({ run, firstSeq: 2, events });
      if (!result.ok) throw new Error(result.reason);
      expect(result.events.map(({ seq, kind, data }) => [seq, kind, data])).toEqual(
        events.map(({ kind, data }, index) => [index + 2, kind, data]),
      );
      expect(result.events[0]).toMatchObject({
        taskId: run.taskId,
        contextId: run.contextId,
        state: 'TASK_STATE_WORKING',
      });
      expect((await tasks.head(context, run.taskId))?.lastSeq).toBe(4);
    });

    it('sets state, status time and byte count', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { at: at(0) });
      const { taskId } = writer.run;
      const created = await tasks.head(context, taskId);
      const events = [
        status('TASK_STATE_WORKING', { at: at(1) }),
        chunk('è'),
        status('TASK_STATE_INPUT_REQUIRED', { at: at(2) }),
      ];
      await writer.write(...events);
      const head = await tasks.head(context, taskId);
      expect(head).toMatchObject({
        state: 'TASK_STATE_INPUT_REQUIRED',
        statusAt: at(2),
        fence: 1,
        turn: 1,
        attempt: 1,
      });
      expect(head?.bytes).toBe(events.reduce((sum, { bytes }) => sum + bytes, created?.bytes ?? 0));
      await writer.write(chunk('more'));
      expect(await tasks.head(context, taskId)).toMatchObject({
        state: 'TASK_STATE_INPUT_REQUIRED',
        statusAt: at(2),
        lastSeq: 5,
      });
    });

    it.each([
      ['2031-05-06T07:08:09Z', '2031-05-06T07:08:09.000Z'],
      ['2031-05-06T07:08:09.120000Z', '2031-05-06T07:08:09.120Z'],
      ['2031-05-06T09:08:09.12+02:00', '2031-05-06T07:08:09.120Z'],
    ])('keeps the status time %s as %s in the head, as it is in the event', async (given, kept) => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      await writer.write(status('TASK_STATE_WORKING', { at: given }));
      const snapshot = await tasks.get(context, writer.run.taskId);
      expect(snapshot?.head.statusAt).toBe(kept);
      expect(snapshot?.task.status.timestamp).toBe(given);
    });

    it('refuses a status time that is none', async () => {
      const { tasks } = subject();
      const context = caller();
      const [guilty, innocent] = [await begin(subject(), context), await begin(subject(), context)];
      const results = await Promise.all([
        guilty.append(chunk('x'), status('TASK_STATE_WORKING', { at: 'no time' })),
        innocent.append(chunk('x')),
      ]);
      expect(results).toMatchObject([{ ok: false, reason: 'invalid' }, { ok: true }]);
      expect((await tasks.head(context, guilty.run.taskId))?.lastSeq).toBe(1);
    });

    it.each([1, 3, 100])('refuses firstSeq %i when the log stands at 1', async (firstSeq) => {
      const { tasks } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      expect(await tasks.append({ run, firstSeq, events: [chunk('x')] })).toMatchObject({
        ok: false,
        reason: 'fenced',
      });
      expect((await tasks.head(context, run.taskId))?.lastSeq).toBe(1);
    });

    it('refuses a fence that is not the row’s', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const old = await begin(subject(), context);
      const { run } = (await runs.forceClaim(context, old.run.taskId, 'r2')) ?? {};
      if (!run) throw new Error('not seized');
      expect(await old.append(chunk('late'))).toMatchObject({ ok: false, reason: 'fenced' });
      const future = { ...run, fence: run.fence + 1 };
      expect(await tasks.append({ run: future, firstSeq: 2, events: [chunk('x')] })).toMatchObject({
        ok: false,
        reason: 'fenced',
      });
      expect(await new Writer(tasks, run).append(chunk('y'))).toMatchObject({ ok: true });
    });

    it.each(['COMPLETED', 'FAILED', 'CANCELED', 'REJECTED'] as const)('lets nothing follow %s', async (name) => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const { taskId } = writer.run;
      await writer.write(chunk('last'), status(`TASK_STATE_${name}`));
      for (const event of [chunk('x'), status('TASK_STATE_WORKING'), status('TASK_STATE_COMPLETED')]) {
        expect(await writer.append(event)).toMatchObject({ ok: false, reason: 'terminal' });
      }
      const head = await tasks.head(context, taskId);
      expect(head).toMatchObject({ state: `TASK_STATE_${name}`, lastSeq: 3 });
      expect(head?.runOwner).toBeUndefined();
    });

    it('refuses a batch whose terminal event is not the last, whole', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const batch = [chunk('a'), status('TASK_STATE_COMPLETED'), chunk('b')];
      expect(await writer.append(...batch)).toMatchObject({ ok: false, reason: 'invalid' });
      expect(await tasks.head(context, writer.run.taskId)).toMatchObject({ lastSeq: 1, state: 'TASK_STATE_SUBMITTED' });
    });

    it('refuses a second task event', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      expect(await writer.append(newTask().event)).toMatchObject({ ok: false, reason: 'invalid' });
      expect((await tasks.get(context, writer.run.taskId))?.seq).toBe(1);
    });

    it('appends of many runs at once each go to their own task', async () => {
      const { tasks } = subject();
      const context = caller();
      const writers = await Promise.all(Array.from({ length: 25 }, () => begin(subject(), context)));
      await Promise.all(
        writers.map(async (writer, index) => {
          for (let round = 0; round < 8; round++)
            await writer.write(chunk(`${index}.${round}`), chunk(`${index}.${round}+`));
        }),
      );
      for (const [index, { run }] of writers.entries()) {
        const page = await tasks.eventsAfter(context, run.taskId, 1);
        expect(page?.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 16 }, (_, n) => n + 2));
        const texts = page?.events.map(({ data }) => data);
        expect(texts).toEqual(
          Array.from({ length: 8 }, (_, n) => [chunk(`${index}.${n}`).data, chunk(`${index}.${n}+`).data]).flat(),
        );
      }
    });

    it('refuses one run of many without harm to the others', async () => {
      const { tasks } = subject();
      const context = caller();
      const writers = await Promise.all(Array.from({ length: 6 }, () => begin(subject(), context)));
      const results = await Promise.all(
        writers.map(({ run }, index) => tasks.append({ run, firstSeq: index % 2 === 0 ? 2 : 9, events: [chunk('x')] })),
      );
      expect(results.map(({ ok }) => ok)).toEqual([true, false, true, false, true, false]);
    });

    it('accepts two appends at one seq only once', async () => {
      const { tasks } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      const results = await Promise.all(
        [0, 1, 2, 3].map((n) => tasks.append({ run, firstSeq: 2, events: [chunk(`${n}`)] })),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect((await tasks.head(context, run.taskId))?.lastSeq).toBe(2);
    });

    it('consumes an inbox entry with the event, and only with it', async () => {
      const { tasks, inbox } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      const message = userMessage('follow-up');
      const put = await inbox.put(context, run.taskId, { message }, 'd', 10);
      if (put.result !== 'queued') throw new Error(put.result);
      const events = [status('TASK_STATE_WORKING', { inbound: message })];
      const refused = await tasks.append({ run, firstSeq: 7, events, consumes: put.id });
      expect(refused).toMatchObject({ ok: false, reason: 'fenced' });
      expect(await inbox.waiting(context, run.taskId, put.id)).toBe(true);
      expect(await tasks.append({ run, firstSeq: 2, events, consumes: put.id })).toMatchObject({ ok: true });
      expect(await inbox.waiting(context, run.taskId, put.id)).toBe(false);
      expect(await inbox.peek(run)).toBeUndefined();
      expect((await tasks.get(context, run.taskId))?.task.history?.at(-1)).toEqual(message);
    });

    it('does not consume the inbox of another task', async () => {
      const { tasks, inbox } = subject();
      const context = caller();
      const [mine, other] = [await begin(subject(), context), await begin(subject(), context)];
      const put = await inbox.put(context, other.run.taskId, incoming('x'), 'd', 10);
      if (put.result !== 'queued') throw new Error(put.result);
      await tasks.append({ run: mine.run, firstSeq: 2, events: [status('TASK_STATE_WORKING')], consumes: put.id });
      expect(await inbox.waiting(context, other.run.taskId, put.id)).toBe(true);
    });
  });
}
