import { describe, expect, it } from '@jest/globals';
import type { SendMessageRequest } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { MessageBacklog } from './message.backlog.js';

const MIB = 1 << 20;
const by = (owner: string): CallContext => ({
  owner,
  tenant: '',
  agent: 'a',
  protocolVersion: '1.0',
  requestedExtensions: [],
});
const of = (bytes: number): SendMessageRequest => ({
  message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'x'.repeat(bytes) }] },
});
const reasonOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { reason?: string }).reason;
  }
  return undefined;
};

describe('the messages that wait for the storage', () => {
  it('are bounded in bytes for each caller and for all, and what was stored gives its room back', () => {
    const backlog = new MessageBacklog({ maxUnstoredBytes: 8 * MIB });
    const first = backlog.enter(of(MIB), by('a'));
    expect(reasonOf(() => backlog.enter(of(2 * MIB), by('a')))).toBe('OVERLOADED');
    const others = ['b', 'c', 'd'].map((owner) => backlog.enter(of(2 * MIB - 1000), by(owner)));
    expect(reasonOf(() => backlog.enter(of(1.5 * MIB), by('e')))).toBe('OVERLOADED');
    first.release();
    expect(reasonOf(() => backlog.enter(of(1.5 * MIB), by('e')))).toBeUndefined();
    for (const other of others) other.release();
    expect(backlog.bytes).toBeLessThan(2 * MIB);
  });

  it('do not share one share when nobody has identified their senders', () => {
    const backlog = new MessageBacklog({ maxUnstoredBytes: 8 * MIB });
    const waiting = [1, 2, 3, 4, 5].map(() => backlog.enter(of(1.5 * MIB), by('anonymous')));
    expect(reasonOf(() => backlog.enter(of(1.5 * MIB), by('anonymous')))).toBe('OVERLOADED');
    for (const each of waiting) each.release();
    expect(backlog.bytes).toBe(0);
  });
});
