import { describe, expect, it } from '@jest/globals';
import { fakeAgent } from '../../../test/support/transport-app.js';
import { TransientAgentError } from '../../agents/transient-agent.error.js';
import { retryDelay } from './retry.policy.js';

describe('retryDelay', () => {
  const agent = fakeAgent('lab', { retry: { maxAttempts: 6, delayMs: 100, maxDelayMs: 500 } });
  const longest = () => 1;

  it('is twice as long each time, up to the longest', () => {
    expect([0, 1, 2, 3, 4].map((failures) => retryDelay(agent, failures, undefined, longest))).toEqual([
      100, 200, 400, 500, 500,
    ]);
  });

  it('is by chance up to a half shorter', () => {
    expect(retryDelay(agent, 1, undefined, () => 0)).toBe(100);
    expect(retryDelay(agent, 1, undefined, () => 0.5)).toBe(150);
  });

  it('is none after the last start', () => {
    expect(retryDelay(agent, 5)).toBeUndefined();
    expect(retryDelay(fakeAgent('lab'), 1, undefined, longest)).toBe(2_000);
    expect(retryDelay(fakeAgent('lab'), 2)).toBeUndefined();
    expect(retryDelay(fakeAgent('lab', { retry: { maxAttempts: 1 } }), 0)).toBeUndefined();
  });

  it('is no shorter than the agent asks for, and a day at most', () => {
    const after = (retryAfterMs: number) => new TransientAgentError('busy', { retryAfterMs });
    expect(retryDelay(agent, 0, after(3_000), longest)).toBe(3_000);
    expect(retryDelay(agent, 0, after(1), longest)).toBe(100);
    expect(retryDelay(agent, 0, after(1e12), longest)).toBe(86_400_000);
  });
});
