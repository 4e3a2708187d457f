import { describe, expect, it } from '@jest/globals';
import type { RunRef } from '../../../tasks/task-record.js';
import { begin, caller, chunk, replica, status, Writer } from '../fixtures.js';
import { withPeer, type Subject } from '../open-suite.js';
import { wholeLog } from '../task-store/reading.js';

const TAKEOVERS = 20;

export function races(subject: Subject): void {
  describe('a task that is taken over while its owner writes', () => {
    it('has no gap, loses nothing that was acknowledged, and refuses every old owner', async () => {
      const context = caller();
      const stores = subject();
      await withPeer(stores, async (peer) => {
        const acknowledged: string[] = [];
        let refused = 0;
        /** Writes until it is refused, as a process does that does not know that its lease is over. */
        const own = async (run: RunRef, lastSeq: number, tasks = stores.tasks): Promise<void> => {
          const writer = new Writer(tasks, run, lastSeq);
          for (let n = 0; ; n++) {
            const texts = [`${run.fence}:${n}a`, `${run.fence}:${n}b`];
            const result = await writer.append(...texts.map((text) => chunk(text)));
            if (!result.ok) {
              expect(result.reason).toBe('fenced');
              refused++;
              return;
            }
            acknowledged.push(...texts);
            await new Promise(setImmediate);
          }
        };
        const first = await begin(stores, context, { runOwner: await replica(stores, 0) });
        const { taskId } = first.run;
        const owners = [own(first.run, 1)];
        let heir: Writer | undefined;
        for (let n = 1; n <= TAKEOVERS; n++) {
          const before = acknowledged.length;
          while (acknowledged.length < before + 4) await new Promise(setImmediate);
          const taker = n % 2 === 0 ? stores : peer;
          const taken = await taker.runs.takeover(taskId, await replica(stores, 0));
          expect(taken).toMatchObject({ attempt: n + 1, turn: 1, run: { fence: n + 1 } });
          if (!taken) throw new Error('not taken');
          if (n < TAKEOVERS) owners.push(own(taken.run, taken.lastSeq, taker.tasks));
          else heir = new Writer(taker.tasks, taken.run, taken.lastSeq);
        }
        await Promise.all(owners);
        await heir?.write(status('TASK_STATE_COMPLETED'));
        expect(refused).toBe(TAKEOVERS);

        const log = await wholeLog(stores, context, taskId);
        expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
        expect(log.filter(({ terminal }) => terminal)).toEqual([log.at(-1)]);
        const parts = (await stores.tasks.get(context, taskId))?.task.artifacts?.[0]?.parts ?? [];
        const texts = parts.map((part) => ('text' in part ? part.text : ''));
        expect(texts).toEqual(expect.arrayContaining(acknowledged));
        expect(texts).toHaveLength(acknowledged.length);
        const fences = texts.map((text) => Number(text.split(':')[0]));
        expect(fences).toEqual([...fences].sort((a, b) => a - b));
      });
    });
  });
}
