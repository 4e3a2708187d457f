import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '../../../security/call-context.js';
import type { CommittedEvent } from '../../../tasks/committed-event.js';
import { foldLog } from '../../../tasks/fold-log.js';
import type { Stores } from '../../../tasks/stores.js';
import { agentMessage, at, begin, caller, chunk, newTask, status, userMessage } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

/** The whole log, page by page. */
export async function wholeLog({ tasks }: Stores, context: CallContext, taskId: string): Promise<CommittedEvent[]> {
  const log: CommittedEvent[] = [];
  for (;;) {
    const page = await tasks.eventsAfter(context, taskId, log.length);
    if (!page || page.trimmed) throw new Error('The log is not whole.');
    if (page.events.length === 0) return log;
    log.push(...page.events);
  }
}

export function reading(subject: Subject): void {
  describe('eventsAfter', () => {
    it('gives the events after a seq, with the very text that was appended', async () => {
      const { tasks } = subject();
      const context = caller();
      const task = newTask({ runOwner: 'r' });
      await tasks.create(context, task);
      const run = { ...context, taskId: task.taskId, contextId: task.contextId, fence: 1 };
      const message = userMessage('in');
      const events = [status('TASK_STATE_WORKING', { inbound: message }), chunk('a'), chunk('b')];
      await tasks.append({ run, firstSeq: 2, events });
      const all = await tasks.eventsAfter(context, task.taskId, 0);
      expect(all).toMatchObject({ lastSeq: 4, trimmed: false });
      const given = [task.event, ...events];
      expect(all?.events.map(({ seq, kind, data, state, inbound }) => ({ seq, kind, data, state, inbound }))).toEqual(
        given.map(({ kind, data, state, inbound }, index) => ({ seq: index + 1, kind, data, state, inbound })),
      );
      expect(all?.events.every(({ taskId, contextId }) => taskId === task.taskId && contextId === task.contextId)).toBe(
        true,
      );
      expect(all?.events[1]?.inboundMessage).toEqual(message);
      expect((await tasks.eventsAfter(context, task.taskId, 2))?.events.map(({ seq }) => seq)).toEqual([3, 4]);
      expect(await tasks.eventsAfter(context, task.taskId, 4)).toEqual({ events: [], lastSeq: 4, trimmed: false });
      expect(await tasks.eventsAfter(context, task.taskId, 99)).toEqual({ events: [], lastSeq: 4, trimmed: false });
    });

    it('pages by count, 256 unless told', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      await writer.write(...Array.from({ length: 300 }, (_, n) => chunk(`${n}`)));
      const { taskId } = writer.run;
      const seqs = async (after: number, limit?: number): Promise<(number | undefined)[]> => {
        const page = await tasks.eventsAfter(context, taskId, after, limit === undefined ? undefined : { limit });
        return [page?.events.length, page?.events[0]?.seq, page?.events.at(-1)?.seq, page?.lastSeq];
      };
      expect(await seqs(0)).toEqual([256, 1, 256, 301]);
      expect(await seqs(256)).toEqual([45, 257, 301, 301]);
      expect(await seqs(10, 7)).toEqual([7, 11, 17, 301]);
      expect(await seqs(0, 1)).toEqual([1, 1, 1, 301]);
    });

    it('stops after the event that passes maxBytes, and gives at least one', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const events = Array.from({ length: 6 }, () => chunk('x'.repeat(1000)));
      await writer.write(...events);
      const size = events[0]?.bytes ?? 0;
      const count = async (maxBytes: number): Promise<number | undefined> =>
        (await tasks.eventsAfter(context, writer.run.taskId, 1, { maxBytes }))?.events.length;
      expect(await count(1)).toBe(1);
      expect(await count(size + 1)).toBe(2);
      expect(await count(3 * size - 1)).toBe(3);
      expect(await count(1_000_000)).toBe(6);
    });

    it('stops near 1 MiB unless told', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      for (let n = 0; n < 5; n++) await writer.write(chunk('x'.repeat(400_000)));
      expect((await tasks.eventsAfter(context, writer.run.taskId, 1))?.events).toHaveLength(3);
    });
  });

  describe('get', () => {
    it('is the fold of the log as of its last event', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { metadata: { a: 1, keep: { b: [null, 'x'] } }, at: at(0) });
      const { taskId } = writer.run;
      await writer.write(
        status('TASK_STATE_WORKING', { message: agentMessage('on it'), at: at(1), metadata: { a: 2 } }),
      );
      await writer.write(chunk('one'), chunk('two'), chunk('other', 'second', false), chunk('new', 'second', false));
      await writer.write(status('TASK_STATE_INPUT_REQUIRED', { message: agentMessage('which?'), at: at(2) }));
      await writer.write(
        status('TASK_STATE_WORKING', { inbound: userMessage('that'), at: at(3), metadata: { c: 'd' } }),
      );
      const snapshot = await tasks.get(context, taskId);
      expect(snapshot?.task).toEqual(foldLog(await wholeLog(subject(), context, taskId)));
      expect(snapshot?.seq).toBe(writer.lastSeq);
      expect(snapshot?.head).toEqual(await tasks.head(context, taskId));
      expect(snapshot?.head.lastSeq).toBe(writer.lastSeq);
      expect(snapshot?.task.metadata).toEqual({ a: 2, keep: { b: [null, 'x'] }, c: 'd' });
      expect(snapshot?.task.history?.map(({ parts }) => parts[0])).toEqual(
        ['hello', 'on it', 'which?', 'that'].map((text) => ({ text })),
      );
      expect(snapshot?.task.artifacts).toEqual([
        { artifactId: 'out', parts: [{ text: 'one' }, { text: 'two' }] },
        { artifactId: 'second', parts: [{ text: 'new' }] },
      ]);
    });

    it('gives the same answer however long the log is and however often it is asked', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const { taskId } = writer.run;
      for (let round = 0; round < 30; round++) {
        await writer.write(
          ...Array.from({ length: 20 }, (_, n) => chunk(`${round}.${n} ${'x'.repeat(round * 7)}`, `artifact-${n % 3}`)),
        );
        const state = round % 2 === 0 ? 'TASK_STATE_WORKING' : 'TASK_STATE_INPUT_REQUIRED';
        await writer.write(
          status(state, { message: agentMessage(`round ${round}`), inbound: userMessage(`answer ${round}`) }),
        );
        const snapshot = await tasks.get(context, taskId);
        expect(snapshot?.seq).toBe(writer.lastSeq);
        if (round % 5 === 4) expect(snapshot?.task).toEqual(foldLog(await wholeLog(subject(), context, taskId)));
      }
      await writer.write(status('TASK_STATE_COMPLETED', { message: agentMessage('done') }));
      const folded = foldLog(await wholeLog(subject(), context, taskId));
      expect((await tasks.get(context, taskId))?.task).toEqual(folded);
      expect((await tasks.get(context, taskId))?.task).toEqual(folded);
    });

    it('gives every caller a task of their own', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { metadata: { deep: { a: 1 } } });
      await writer.write(chunk('text'), status('TASK_STATE_COMPLETED', { message: agentMessage('done') }));
      const { taskId } = writer.run;
      const before = JSON.stringify((await tasks.get(context, taskId))?.task);
      const spoilt = (await tasks.get(context, taskId))?.task;
      spoilt?.artifacts?.[0]?.parts.push({ text: 'intruder' });
      Object.assign(spoilt?.artifacts?.[0]?.parts[0] ?? {}, { text: 'changed' });
      Object.assign(spoilt?.metadata?.deep ?? {}, { a: 2 });
      spoilt?.history?.splice(0);
      expect(JSON.stringify((await tasks.get(context, taskId))?.task)).toBe(before);
    });

    it('never answers in between two events of a batch or behind what was acknowledged', async () => {
      const { tasks } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      const { taskId } = writer.run;
      let [acknowledged, writing] = [1, true];
      const write = async (): Promise<void> => {
        for (let n = 0; n < 25; n++) {
          await writer.write(chunk('a'), chunk('b'), chunk('c'));
          acknowledged = writer.lastSeq;
        }
        writing = false;
      };
      const read = async (): Promise<void> => {
        while (writing) {
          const least = acknowledged;
          const snapshot = await tasks.get(context, taskId);
          expect(snapshot?.seq).toBeGreaterThanOrEqual(least);
          expect(((snapshot?.seq ?? 0) - 1) % 3).toBe(0);
          expect(snapshot?.task.artifacts?.[0]?.parts.length ?? 0).toBe((snapshot?.seq ?? 0) - 1);
          await new Promise(setImmediate);
        }
      };
      await Promise.all([write(), read()]);
      expect((await tasks.get(context, taskId))?.seq).toBe(76);
    });
  });
}
