import { describe, expect, it } from '@jest/globals';
import { fakeAgent } from '../../../test/support/transport-app.js';
import { executionOptions, type ExecutionLimits } from '../execution.options.js';
import { RunRoom } from './run.room.js';

const lab = fakeAgent('lab');
const one = fakeAgent('one', { maxRuns: 1 });
const scope = (owner: string, tenant = '', agent = 'lab') => ({ owner, tenant, agent });
const room = (limits: Partial<ExecutionLimits>) => new RunRoom(executionOptions(limits));

describe('RunRoom', () => {
  it('has so many places, and each again when it was left, once', () => {
    const subject = room({ maxRuns: 2 });
    const first = subject.enter(lab, scope('a'));
    expect(subject.enter(lab, scope('b'))).toBeDefined();
    expect([subject.enter(lab, scope('c')), subject.open]).toEqual([undefined, false]);
    first?.leave();
    first?.leave();
    expect(subject.taken).toBe(1);
    expect(subject.enter(lab, scope('c'))).toBeDefined();
    expect(subject.enter(lab, scope('d'))).toBeUndefined();
  });

  it('has so many for a tenant, for an owner in a tenant, and for an agent', () => {
    const subject = room({ maxRunsPerTenant: 3, maxRunsPerOwner: 2 });
    for (const owner of ['a', 'a', 'b']) expect(subject.enter(lab, scope(owner, 't'))).toBeDefined();
    expect(subject.enter(lab, scope('c', 't'))).toBeUndefined();
    expect(subject.enter(lab, scope('a', 'u'))).toBeDefined();
    expect(subject.enter(lab, scope('a', 'u'))).toBeDefined();
    expect(subject.enter(lab, scope('a', 'u'))).toBeUndefined();
    expect(subject.enter(one, scope('z', '', 'one'))).toBeDefined();
    expect(subject.enter(one, scope('y', '', 'one'))).toBeUndefined();
    expect(subject.enter(lab, scope('y'))).toBeDefined();
  });

  it('says that a place is free only where something may have wanted it', () => {
    const subject = room({ maxRuns: 3 });
    let freed = 0;
    subject.onFreed(() => (freed += 1));
    const places = ['a', 'b', 'c'].map((owner) => subject.enter(lab, scope(owner)));
    places[0]?.leave();
    places[1]?.leave();
    expect(freed).toBe(1);
    subject.enter(one, scope('a', '', 'one'))?.leave();
    expect(freed).toBe(2);
  });

  it('keeps places for what is claimed, so that no limit is passed, whatever is claimed', () => {
    const subject = room({ maxRuns: 10, maxRunsPerOwner: 4 });
    subject.enter(lab, scope('a'));
    const reserved = subject.reserve([lab, one], 4);
    expect(reserved?.wanted).toMatchObject({
      limit: 4,
      maxPerOwner: 4,
      running: [{ tenant: '', owner: 'a', runs: 1 }],
    });
    expect([...(reserved?.wanted.agents ?? [])]).toEqual([
      ['lab', 9],
      ['one', 1],
    ]);
    expect(reserved?.restricted).toBe(true);
    expect(subject.enter(lab, scope('b'))).toBeUndefined();
    const places = reserved?.end([scope('a'), scope('b')]);
    expect(subject.taken).toBe(3);
    expect(subject.enter(lab, scope('b'))).toBeDefined();
    places?.forEach((place) => place.leave());
    expect(subject.taken).toBe(2);
  });

  it('reserves no more than there is', () => {
    const subject = room({ maxRuns: 3 });
    subject.enter(lab, scope('a'));
    expect(subject.reserve([lab], 100)?.wanted.limit).toBe(2);
    expect(subject.reserve([lab], 100)).toBeUndefined();
    expect(subject.open).toBe(false);
  });
});
