import { jest } from '@jest/globals';
import { INBOX_STORE, type InboxStore } from '../../src/tasks/inbox-store.interface.js';
import type { TestApp } from './test-app.js';
import { until } from '../../src/testing/contracts/until.js';

/** Gives what resolves when so many messages have been stored for tasks that exist, from now on. */
export function inboxPuts({ app }: TestApp): (count: number) => Promise<void> {
  const put = jest.spyOn(app.get<InboxStore>(INBOX_STORE, { strict: false }), 'put');
  return async (count) => {
    await until(() => put.mock.results.length >= count);
    await Promise.all(put.mock.results.slice(0, count).map(({ value }) => value));
  };
}
