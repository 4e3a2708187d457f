import { describe, expect, it } from '@jest/globals';
import { methodOf, OPERATIONS, type OperationName } from '../protocol/operations.js';
import type { CallContext } from '../security/call-context.js';
import { caller } from '../testing/contracts/fixtures.js';
import { requestHandler } from './request-handler.js';

const admission = {
  admit: async (call: CallContext): Promise<CallContext> => {
    if (call.owner === 'mallory') throw new Error('refused');
    return { ...call, tenant: 'acme' };
  },
};

describe('requestHandler', () => {
  const seen: unknown[] = [];
  const names = Object.keys(OPERATIONS) as OperationName[];
  const handler = requestHandler(
    names.map((name) => [name, { execute: async (...given) => void seen.push([name, ...given]) }]),
    admission,
  );

  it.each(names)('admits the caller of %s, and passes on the rest', async (name) => {
    seen.length = 0;
    await handler[methodOf(name)]({ id: '1' } as never, caller(), { lastEventId: '2' });
    await handler[methodOf(name)]({ id: '1' } as never, caller());
    expect(seen).toMatchObject([
      [name, { id: '1' }, { tenant: 'acme' }, { lastEventId: '2' }],
      [name, { id: '1' }, { tenant: 'acme' }, {}],
    ]);
  });

  it.each(names)('does not call %s for a caller that is refused', async (name) => {
    seen.length = 0;
    await expect(handler[methodOf(name)]({} as never, caller({ owner: 'mallory' }))).rejects.toThrow('refused');
    expect(seen).toEqual([]);
  });

  it('is no promise', async () => {
    expect(await Promise.resolve(handler)).toBe(handler);
  });
});
