import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '../security/call-context.js';
import { caller } from '../testing/contracts/fixtures.js';
import { admittingHandler } from './admitting-handler.js';
import type { RequestHandler } from './request-handler.interface.js';

/** A handler with an operation that no interface knows yet. */
class Handler {
  readonly seen: unknown[] = [];
  async laterOperation(request: object, context: CallContext, ...rest: unknown[]): Promise<string> {
    this.seen.push([request, context.tenant, ...rest]);
    return 'done';
  }
}

const admission = {
  admit: async (call: CallContext): Promise<CallContext> => {
    if (call.owner === 'mallory') throw new Error('refused');
    return { ...call, tenant: 'acme' };
  },
};

describe('admittingHandler', () => {
  const handler = new Handler();
  const admitting = admittingHandler(handler as unknown as RequestHandler, admission) as unknown as Handler;

  it('admits the caller of each operation there is, and passes on the rest', async () => {
    expect(await admitting.laterOperation({ id: 1 }, caller(), 'more', 2)).toBe('done');
    expect(handler.seen).toEqual([[{ id: 1 }, 'acme', 'more', 2]]);
  });

  it('does not call an operation whose caller is refused', async () => {
    handler.seen.length = 0;
    await expect(admitting.laterOperation({}, caller({ owner: 'mallory' }))).rejects.toThrow('refused');
    expect(handler.seen).toEqual([]);
  });

  it('is the handler in everything else, and no promise', async () => {
    expect(admitting.seen).toBe(handler.seen);
    expect(await Promise.resolve(admitting)).toBe(admitting);
    expect(admitting).toBeInstanceOf(Handler);
    expect(admitting.laterOperation).toBe(admitting.laterOperation);
  });
});
