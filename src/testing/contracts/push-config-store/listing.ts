import { expect, it } from '@jest/globals';
import { begin, pushConfig, strangersTo } from '../fixtures.js';
import type { Subject } from '../open-suite.js';
import { running } from './support.js';

export function listing(subject: Subject): void {
  it('is in pages, oldest first, and goes on where a page ended whatever was taken away', async () => {
    const { context, taskId } = await running(subject);
    expect(await subject().pushConfigs.list(context, taskId)).toEqual({ configs: [], nextPageToken: '' });
    const ids = Array.from({ length: 7 }, (_, n) => `c${(n * 3) % 7}`);
    for (const id of ids) await subject().pushConfigs.put(context, taskId, pushConfig(id), 10);
    const pages: string[][] = [];
    for (let pageToken: string | undefined; pageToken !== '';) {
      const page = await subject().pushConfigs.list(context, taskId, { pageSize: 3, ...(pageToken && { pageToken }) });
      pages.push(page?.configs.map(({ id }) => id) ?? []);
      pageToken = page?.nextPageToken ?? '';
      if (pages.length === 1) await subject().pushConfigs.delete(context, taskId, 'c6');
    }
    expect(pages).toEqual([['c0', 'c3', 'c6'], ['c2', 'c5', 'c1'], ['c4']]);
    const exact = await subject().pushConfigs.list(context, taskId, { pageSize: 6 });
    expect([exact?.configs.length, exact?.nextPageToken]).toEqual([6, '']);
  });

  it('refuses a token of another task or caller, and what is none', async () => {
    const { context, taskId } = await running(subject);
    const { taskId: other } = (await begin(subject(), context)).run;
    for (const id of ['a', 'b']) await subject().pushConfigs.put(context, taskId, pushConfig(id), 10);
    const first = await subject().pushConfigs.list(context, taskId, { pageSize: 1 });
    const pageToken = first?.nextPageToken ?? '';
    expect(pageToken).not.toBe('');
    const refusal = { reason: 'INVALID_PARAMS', violations: [{ field: 'pageToken' }] };
    const { pushConfigs } = subject();
    await expect(pushConfigs.list(context, other, { pageToken })).rejects.toMatchObject(refusal);
    await expect(pushConfigs.list(context, taskId, { pageToken: 'x' })).rejects.toMatchObject(refusal);
    for (const stranger of strangersTo(context)) {
      await expect(pushConfigs.list(stranger, taskId, { pageToken })).rejects.toMatchObject(refusal);
    }
  });
}
