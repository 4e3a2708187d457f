import { describe, expect, it } from '@jest/globals';
import type { ListTasksRequest, Task } from '../../../protocol/model/index.js';
import { overloaded } from '../../../protocol/errors/index.js';
import type { CallContext } from '../../../security/call-context.js';
import type { Stores } from '../../../tasks/stores.js';
import { agentMessage, at, begin, caller, chunk, status, userMessage } from '../fixtures.js';
import type { ContractOptions, Subject } from '../open-suite.js';
import { until } from '../until.js';

const KB = 1000;
const maxBytes = 100 * KB;
const upload = (bytes: number): { history: [ReturnType<typeof userMessage>] } => ({
  history: [userMessage('x'.repeat(bytes))],
});

/** All pages, from the first on. */
async function pages({ tasks }: Stores, context: CallContext, query: ListTasksRequest = {}): Promise<Task[][]> {
  const all: Task[][] = [];
  for (let pageToken = ''; ;) {
    const page = await tasks.list(context, { ...query, pageToken }, { maxBytes });
    all.push(page.tasks);
    if (page.nextPageToken === '') return all;
    pageToken = page.nextPageToken;
  }
}

const sizes = (all: readonly Task[][]): number[] => all.map(({ length }) => length);
const bytesOf = (page: readonly Task[]): number => Buffer.byteLength(JSON.stringify(page));

export function pagingByBytes(subject: Subject, { artifactsApart = true }: ContractOptions): void {
  describe('the bytes of a page of a list', () => {
    it('end it, and the next one goes on: every task is listed once', async () => {
      const context = caller();
      const ids: string[] = [];
      for (let n = 0; n < 7; n++) {
        ids.push((await begin(subject(), context, { at: at(n), ...upload(30 * KB) })).run.taskId);
      }
      const all = await pages(subject(), context);
      expect(sizes(all)).toEqual([3, 3, 1]);
      expect(all.flat().map(({ id }) => id)).toEqual(ids.reverse());
      for (const page of all) expect(bytesOf(page)).toBeLessThan(maxBytes);
      expect((await subject().tasks.list(context, { pageSize: 2 }, { maxBytes })).tasks).toHaveLength(2);
      expect((await subject().tasks.list(context, {}, { maxBytes })).totalSize).toBe(7);
    });

    it('are those of one task that is larger, with the newest of its history that fit', async () => {
      const context = caller();
      const small = await begin(subject(), context, { at: at(1) });
      const large = await begin(subject(), context, { at: at(2), ...upload(300 * KB) });
      const inbound = userMessage('newest');
      await large.write(status('TASK_STATE_WORKING', { at: at(2), inbound }));
      await begin(subject(), context, { at: at(3) });
      const all = await pages(subject(), context);
      expect(sizes(all)).toEqual([1, 1, 1]);
      expect(all[1]?.[0]).toMatchObject({ id: large.run.taskId, history: [inbound] });
      expect(all[2]?.[0]?.id).toBe(small.run.taskId);
      for (const page of all) expect(bytesOf(page)).toBeLessThan(maxBytes);
    });

    it('leave a task its artifacts when they are asked for', async () => {
      const context = caller();
      const text = 'y'.repeat(60 * KB);
      for (let n = 0; n < 2; n++) {
        const writer = await begin(subject(), context, { at: at(n) });
        await writer.write(chunk(text), chunk(text));
      }
      const all = await pages(subject(), context, { includeArtifacts: true });
      expect(sizes(all)).toEqual([1, 1]);
      for (const [task] of all) expect(task?.artifacts?.[0]?.parts).toEqual([{ text }, { text }]);
    });

    it('are not those of artifacts that are not asked for, behind a snapshot or in one that keeps them apart', async () => {
      const context = caller();
      for (let n = 0; n < 4; n++) {
        const writer = await begin(subject(), context);
        const text = 'y'.repeat(100 * KB);
        await writer.write(chunk(text), status('TASK_STATE_INPUT_REQUIRED', { message: agentMessage('?') }));
        await writer.write(status('TASK_STATE_WORKING', { inbound: userMessage('!') }), chunk('z'));
      }
      // A snapshot that is read as a whole is a page of its own.
      await until(async () => (await pages(subject(), context)).length === (artifactsApart ? 1 : 4));
    });

    it('are few without the history, whatever was sent', async () => {
      const context = caller();
      for (let n = 0; n < 5; n++) await begin(subject(), context, upload(150 * KB));
      const all = await pages(subject(), context, { historyLength: 0 });
      expect(sizes(all)).toEqual([5]);
      expect(bytesOf(all.flat())).toBeLessThan(2 * KB);
    });

    it('are counted in the form of the answer, too', async () => {
      const context = caller();
      for (let n = 0; n < 3; n++)
        await begin(subject(), context, { at: at(n), history: [userMessage('1'), userMessage('2')] });
      const form = { task: ({ history = [] }: Task) => history.length * 60 * KB, message: () => 60 * KB };
      const seen: Task[] = [];
      for (let pageToken = ''; ;) {
        const page = await subject().tasks.list(context, { pageToken }, { maxBytes, form });
        expect(page.tasks).toHaveLength(1);
        seen.push(...page.tasks);
        if (page.nextPageToken === '') break;
        pageToken = page.nextPageToken;
      }
      expect(new Set(seen.map(({ id }) => id)).size).toBe(3);
      for (const { history } of seen) expect(history?.map(({ parts }) => parts)).toEqual([[{ text: '2' }]]);
    });

    it('are told before they are read, and nothing is read when there is no room for them', async () => {
      const context = caller();
      for (let n = 0; n < 4; n++) await begin(subject(), context, upload(40 * KB));
      const { tasks } = subject();
      const told: number[] = [];
      await tasks.list(context, {}, { maxBytes, admit: async (bytes) => void told.push(bytes) });
      expect(told).toHaveLength(1);
      expect(told[0]).toBeGreaterThan(80 * KB);
      expect(told[0]).toBeLessThanOrEqual(maxBytes);
      const refused = tasks.list(context, {}, { maxBytes, admit: () => Promise.reject(overloaded('full')) });
      await expect(refused).rejects.toMatchObject({ reason: 'OVERLOADED' });
    });
  });
}
