import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { a2aLogContext, currentRequest, type LogContext, tellLogs } from './log-context.js';
import { type LogContextOptions, logScopes } from './log-context.options.js';

const KEY = 'k'.repeat(32);
const ownerIn = (options: LogContextOptions | boolean): string | undefined =>
  logScopes(options).within({ owner: 'alice' }, () => a2aLogContext()?.owner);

describe('a2aLogContext', () => {
  it('tells what the calling code works for, across timers and promises', async () => {
    const said: (LogContext | undefined)[] = [];
    await logScopes(true).within({ request: { id: 'r1', traceId: 't1' }, agent: 'lab' }, async () => {
      await sleep(1);
      said.push(a2aLogContext());
      tellLogs({ owner: 'alice', tenant: '', taskId: 't', contextId: 'c' });
      await sleep(1);
      said.push(a2aLogContext());
      expect(currentRequest()).toEqual({ id: 'r1', traceId: 't1' });
    });
    const request = { requestId: 'r1', traceId: 't1', agent: 'lab' };
    expect(said).toEqual([request, { ...request, owner: 'alice', taskId: 't', contextId: 'c' }]);
    expect(a2aLogContext()).toBeUndefined();
  });

  it('tells of a run nothing of the request that happened to start it', () => {
    const scopes = logScopes(true);
    const said = scopes.within({ request: { id: 'r1' }, owner: 'alice' }, () =>
      scopes.within({ taskId: 't' }, () => a2aLogContext()),
    );
    expect(said).toEqual({ taskId: 't' });
  });

  it('is undefined when it is off', () => {
    for (const off of [false, undefined]) {
      const scopes = logScopes(off);
      expect(scopes.on).toBe(false);
      expect(scopes.within({ taskId: 't' }, () => a2aLogContext())).toBeUndefined();
    }
  });

  it('shows owners as the options say', () => {
    expect(ownerIn(true)).toBe('alice');
    expect(ownerIn({})).toBe('alice');
    expect(ownerIn({ owner: 'omit' })).toBeUndefined();
    const hashed = ownerIn({ owner: 'hash', ownerKey: KEY });
    expect(hashed).toMatch(/^[\da-f]{24}$/);
    expect(ownerIn({ owner: 'hash', ownerKey: KEY })).toBe(hashed);
    expect(ownerIn({ owner: 'hash', ownerKey: `${KEY}2` })).not.toBe(hashed);
  });

  it.each([
    ['true', /logContext must be true or false/],
    [{ owners: 'hash' }, /logContext\.owners is not an option/],
    [{ owner: 'md5' }, /logContext\.owner must be 'plain', 'hash' or 'omit', but is "md5"/],
    [{ owner: 'hash' }, /logContext\.ownerKey must be a secret of at least 32 characters/],
    [{ owner: 'hash', ownerKey: 'secret-key' }, /^(?!.*secret-key).*at least 32 characters/],
    [{ ownerKey: KEY }, /logContext\.ownerKey has no effect/],
  ])('refuses %j', (options, problem) => {
    expect(() => logScopes(options as never)).toThrow(problem);
  });
});
