import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LeaseBoard } from './lease.board.js';
import { LeaseRenewer } from './lease.renewer.js';

const LEASE_MS = 8_000;
const STALL_MS = 60_000;

describe('LeaseRenewer', () => {
  let board: LeaseBoard;
  let asked: string[];
  let answer: (id: string) => Promise<boolean>;
  let renewer: LeaseRenewer;
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    asked = [];
    answer = () => Promise.resolve(true);
    board = new LeaseBoard();
    board.beat('mainBeat');
    const connection = {
      renew: (id: string) => {
        asked.push(id);
        return answer(id);
      },
      close: () => Promise.resolve(),
    };
    renewer = new LeaseRenewer(connection, board, { leaseMs: LEASE_MS, stallMs: STALL_MS });
  });
  afterEach(async () => {
    await renewer.stop();
    jest.useRealTimers();
  });

  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  it('renews at once, and five times per lease, while the main thread is silent', async () => {
    renewer.renew({ id: 'a', number: 1 });
    await pass(STALL_MS);
    expect(asked.length).toBeGreaterThanOrEqual((5 * STALL_MS) / LEASE_MS);
    expect(board.renewedMsAgo(1)).toBeLessThanOrEqual(LEASE_MS / 5);
  });

  it('stops when the main thread has been silent for longer than the limit, and goes on when it is back', async () => {
    renewer.renew({ id: 'a', number: 1 });
    await pass(STALL_MS + LEASE_MS);
    expect(board.renewedMsAgo(1)).toBeGreaterThan(LEASE_MS * 0.8);
    const before = asked.length;
    await pass(STALL_MS);
    expect(asked).toHaveLength(before);
    board.beat('mainBeat');
    await pass(1_000);
    expect(asked.length).toBeGreaterThan(before);
    expect(board.renewedMsAgo(1)).toBeLessThanOrEqual(1_000);
  });

  it('counts from before a renewal was sent', async () => {
    answer = () => new Promise((resolve) => setTimeout(resolve, 2_000, true));
    renewer.renew({ id: 'a', number: 1 });
    await pass(2_000);
    expect(board.renewedMsAgo(1)).toBe(2_000);
  });

  it('retries soon when the storage is unreachable or does not answer', async () => {
    answer = () => Promise.reject(new Error('away'));
    renewer.renew({ id: 'a', number: 1 });
    await pass(LEASE_MS);
    expect(board.renewedMsAgo(1)).toBeUndefined();
    answer = () => new Promise(() => undefined);
    await pass(LEASE_MS);
    answer = () => Promise.resolve(true);
    await pass(LEASE_MS / 2);
    expect(board.renewedMsAgo(1)).toBeLessThanOrEqual(LEASE_MS / 5);
  });

  it('notes that a lease is over, and renews the next one', async () => {
    answer = (id) => Promise.resolve(id !== 'a');
    renewer.renew({ id: 'a', number: 1 });
    await pass(LEASE_MS);
    expect([board.isLost(1), asked.length]).toEqual([true, 1]);
    renewer.renew({ id: 'b', number: 2 });
    await pass(1);
    expect(board.isLost(2)).toBe(false);
    expect([board.renewedMsAgo(2), board.renewedMsAgo(1)]).toEqual([1, undefined]);
  });
});
