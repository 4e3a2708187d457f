import { describe, expect, it } from '@jest/globals';
import type { ListTasksRequest } from '../../../protocol/model/index.js';
import type { CallContext } from '../../../security/call-context.js';
import type { Stores } from '../../../tasks/stores.js';
import { at, begin, caller, status, strangersTo, type Writer } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

const FORGED = ['nonsense', '!', 'e30', 'bnVsbA', 'W10', "' or 1=1", 'eyJ0IjoxfQ', '\u0000', 'x'.repeat(5000)];

async function writers(stores: Stores, context: CallContext, count: number): Promise<Writer[]> {
  const all: Writer[] = [];
  // Pairs share a status time, so that pages end between equals.
  for (let n = 0; n < count; n++) all.push(await begin(stores, context, { contextId: 'c', at: at(Math.floor(n / 2)) }));
  return all;
}

async function restOfPages({ tasks }: Stores, context: CallContext, query: ListTasksRequest): Promise<string[]> {
  const ids: string[] = [];
  for (let { pageToken } = query; ;) {
    const page = await tasks.list(context, { ...query, ...(pageToken !== undefined && { pageToken }) });
    ids.push(...page.tasks.map(({ id }) => id));
    if (page.nextPageToken === '') return ids;
    pageToken = page.nextPageToken;
  }
}

export function paging(subject: Subject): void {
  describe('pages of a list', () => {
    it.each([1, 2, 3, 4, 9, 10])('of %i hold every task once, in order', async (pageSize) => {
      const context = caller();
      await writers(subject(), context, 9);
      const whole = (await subject().tasks.list(context, {})).tasks.map(({ id }) => id);
      expect(whole).toHaveLength(9);
      expect(await restOfPages(subject(), context, { pageSize })).toEqual(whole);
    });

    it('say their size and the number of all matches', async () => {
      const { tasks } = subject();
      const context = caller();
      await writers(subject(), context, 5);
      await begin(subject(), context, { contextId: 'else' });
      const first = await tasks.list(context, { contextId: 'c', pageSize: 2 });
      const second = await tasks.list(context, { contextId: 'c', pageSize: 2, pageToken: first.nextPageToken });
      const third = await tasks.list(context, { contextId: 'c', pageSize: 2, pageToken: second.nextPageToken });
      expect(
        [first, second, third].map(({ tasks: page, pageSize, totalSize }) => [page.length, pageSize, totalSize]),
      ).toEqual([
        [2, 2, 5],
        [2, 2, 5],
        [1, 2, 5],
      ]);
      expect(first.nextPageToken).toMatch(/^[\w-]+$/);
      expect(third.nextPageToken).toBe('');
    });

    it('hold what did not move exactly once while other tasks move to the front', async () => {
      const { tasks } = subject();
      const context = caller();
      const all = await writers(subject(), context, 10);
      const first = await tasks.list(context, { pageSize: 3 });
      const seen = first.tasks.map(({ id }) => id);
      const movers = all.filter(({ run }, index) => run.taskId === seen[1] || index === 2);
      expect(movers).toHaveLength(2);
      for (const mover of movers) await mover.write(status('TASK_STATE_WORKING', { at: at(500) }));
      await begin(subject(), context, { at: at(600) });
      const rest = await restOfPages(subject(), context, { pageSize: 3, pageToken: first.nextPageToken });
      const moved = movers.map(({ run }) => run.taskId);
      const still = all.map(({ run }) => run.taskId).filter((id) => !moved.includes(id));
      expect([...seen, ...rest].filter((id) => !moved.includes(id)).sort()).toEqual(still.sort());
      expect(new Set([...seen, ...rest]).size).toBe(seen.length + rest.length);
    });

    it('go on where a deleted task stood', async () => {
      const { tasks } = subject();
      const context = caller();
      await writers(subject(), context, 6);
      const whole = (await tasks.list(context, {})).tasks.map(({ id }) => id);
      const first = await tasks.list(context, { pageSize: 3 });
      await tasks.delete(context, whole[2] ?? '');
      const rest = await restOfPages(subject(), context, { pageSize: 3, pageToken: first.nextPageToken });
      expect(rest).toEqual(whole.slice(3));
    });

    it('may change size and projection on the way', async () => {
      const { tasks } = subject();
      const context = caller();
      await writers(subject(), context, 4);
      const { nextPageToken: pageToken } = await tasks.list(context, { pageSize: 1 });
      const rest = await tasks.list(context, { pageSize: 2, includeArtifacts: true, historyLength: 0, pageToken });
      expect(rest.tasks).toHaveLength(2);
    });

    it('are not to be had with a token of other filters or of another caller', async () => {
      const { tasks } = subject();
      const context = caller();
      await writers(subject(), context, 4);
      const query: ListTasksRequest = {
        contextId: 'c',
        status: 'TASK_STATE_SUBMITTED',
        statusTimestampAfter: at(0),
        pageSize: 1,
      };
      const { nextPageToken: pageToken } = await tasks.list(context, query);
      const refusal = { reason: 'INVALID_PARAMS', violations: [{ field: 'pageToken' }] };
      expect((await tasks.list(context, { ...query, pageToken })).tasks).toHaveLength(1);
      const others: ListTasksRequest[] = [
        { ...query, contextId: 'd' },
        { ...query, status: 'TASK_STATE_WORKING' },
        { ...query, statusTimestampAfter: at(1) },
        { pageSize: 1 },
      ];
      for (const other of others)
        await expect(tasks.list(context, { ...other, pageToken })).rejects.toMatchObject(refusal);
      for (const stranger of strangersTo(context)) {
        await expect(tasks.list(stranger, { ...query, pageToken })).rejects.toMatchObject(refusal);
      }
    });

    it.each(FORGED.map((token, number) => [number, token] as const))(
      'are not to be had with a token that is none (%i)',
      async (_number, pageToken) => {
        const refused = subject().tasks.list(caller(), { pageToken });
        await expect(refused).rejects.toMatchObject({
          reason: 'INVALID_PARAMS',
          violations: [{ field: 'pageToken' }],
        });
      },
    );
  });
}
