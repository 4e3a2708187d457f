import { beforeEach, describe, expect, it } from '@jest/globals';
import { BusPeers } from './bus-peers.js';

describe('BusPeers', () => {
  let now: number;
  let peers: BusPeers;
  beforeEach(() => {
    now = 0;
    peers = new BusPeers(100, () => now);
  });

  it('knows every process that was heard recently', () => {
    expect(peers.any).toBe(false);
    expect([peers.note('a'), peers.note('a')]).toEqual([true, false]);
    now = 99;
    expect([peers.any, peers.note('a')]).toEqual([true, false]);
    now = 198;
    expect(peers.any).toBe(true);
    now = 199;
    expect([peers.any, peers.note('a')]).toEqual([false, true]);
  });

  it('forgets who left, and only them', () => {
    peers.note('a');
    now = 50;
    peers.note('b');
    peers.forget('b');
    expect(peers.any).toBe(true);
    now = 100;
    expect(peers.any).toBe(false);
    peers.note('c');
    peers.forget('c');
    peers.forget('c');
    expect(peers.any).toBe(false);
  });

  it('stays small whatever is sent to it', () => {
    for (let i = 0; i < 5_000; i++) peers.note(`peer-${i}`);
    expect([peers.any, peers.note('peer-4999'), peers.note('peer-0')]).toEqual([true, false, true]);
  });
});
