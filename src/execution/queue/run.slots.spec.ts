import { describe, expect, it } from '@jest/globals';
import { fakeAgent } from '../../../test/support/transport-app.js';
import { QuotaTable } from '../../common/quotas/quota.table.js';
import { type QuotasOptions, quotasOptions } from '../../common/quotas/quotas.options.js';
import { ANONYMOUS } from '../../security/call-context.js';
import { executionOptions, type ExecutionLimits } from '../execution.options.js';
import { RunSlots } from './run.slots.js';

const lab = fakeAgent('lab');
const one = fakeAgent('one', { maxRuns: 1 });
const scope = (owner: string, tenant = '', agent = 'lab') => ({ owner, tenant, agent });
const room = (limits: Partial<ExecutionLimits>, quotas?: QuotasOptions): RunSlots => {
  const options = executionOptions(limits);
  const [owner, tenant] = [{ runs: options.maxRunsPerOwner }, { runs: options.maxRunsPerTenant }];
  return new RunSlots(options, new QuotaTable({ owner, tenant }, quotasOptions(quotas)));
};

describe('RunSlots', () => {
  it('has so many places, and each again when it was left, once', () => {
    const subject = room({ maxRuns: 2 });
    const first = subject.tryAcquire(lab, scope('a'));
    expect(subject.tryAcquire(lab, scope('b'))).toBeDefined();
    expect([subject.tryAcquire(lab, scope('c')), subject.open]).toEqual([undefined, false]);
    first?.release();
    first?.release();
    expect(subject.taken).toBe(1);
    expect(subject.tryAcquire(lab, scope('c'))).toBeDefined();
    expect(subject.tryAcquire(lab, scope('d'))).toBeUndefined();
  });

  it('has more or fewer for the owners and tenants of the table', () => {
    const quotas = { owners: { small: { runs: 1 }, large: { runs: 3 } }, tenants: { narrow: { runs: 1 } } };
    const subject = room({ maxRuns: 100, ownerShare: 0, maxRunsPerOwner: 2 }, quotas);
    const enter = (owner: string, tenant = ''): boolean => subject.tryAcquire(lab, scope(owner, tenant)) !== undefined;
    expect([enter('small'), enter('small', 't')]).toEqual([true, false]);
    expect([enter('large'), enter('large'), enter('large', 't'), enter('large')]).toEqual([true, true, true, false]);
    expect([enter('other'), enter('other'), enter('other')]).toEqual([true, true, false]);
    expect([enter('a', 'narrow'), enter('b', 'narrow')]).toEqual([true, false]);
    const { wanted, restricted } = subject.reserve([lab], 1)!;
    const { maxPerOwner, maxPerTenant } = wanted;
    expect([maxPerOwner?.('small'), maxPerOwner?.('large'), maxPerOwner?.('other')]).toEqual([1, 3, 2]);
    expect([maxPerTenant?.('narrow'), restricted]).toEqual([1, true]);
  });

  it('has so many for a tenant, for an owner in all tenants, and for an agent', () => {
    const subject = room({ maxRunsPerTenant: 3, maxRunsPerOwner: 2 });
    for (const owner of ['a', 'a', 'b']) expect(subject.tryAcquire(lab, scope(owner, 't'))).toBeDefined();
    expect(subject.tryAcquire(lab, scope('c', 't'))).toBeUndefined();
    expect(subject.tryAcquire(lab, scope('a', 'u'))).toBeUndefined();
    expect(subject.tryAcquire(lab, scope('b', 'u'))).toBeDefined();
    expect(subject.tryAcquire(lab, scope('b', 'v'))).toBeUndefined();
    expect(subject.tryAcquire(one, scope('z', '', 'one'))).toBeDefined();
    expect(subject.tryAcquire(one, scope('y', '', 'one'))).toBeUndefined();
    expect(subject.tryAcquire(lab, scope('y'))).toBeDefined();
  });

  it('says that a place is free only where something may have wanted it', () => {
    const subject = room({ maxRuns: 3 });
    let freed = 0;
    subject.freed.subscribe(() => (freed += 1));
    const places = ['a', 'b', 'c'].map((owner) => subject.tryAcquire(lab, scope(owner)));
    places[0]?.release();
    places[1]?.release();
    expect(freed).toBe(1);
    subject.tryAcquire(one, scope('a', '', 'one'))?.release();
    expect(freed).toBe(2);
  });

  it('keeps places for what is claimed, so that no limit is passed, whatever is claimed', () => {
    const subject = room({ maxRuns: 10, maxRunsPerOwner: 4, ownerShare: 0 });
    subject.tryAcquire(lab, scope('a'));
    const reserved = subject.reserve([lab, one], 4);
    expect(reserved?.wanted).toMatchObject({
      limit: 4,
      running: [{ tenant: '', owner: 'a', runs: 1 }],
    });
    expect(reserved?.wanted.maxPerOwner?.('a')).toBe(4);
    expect([...(reserved?.wanted.agents ?? [])]).toEqual([
      ['lab', 9],
      ['one', 1],
    ]);
    expect(reserved?.restricted).toBe(true);
    expect(subject.tryAcquire(lab, scope('b'))).toBeUndefined();
    const places = reserved?.end([scope('a'), scope('b')]);
    expect(subject.taken).toBe(3);
    expect(subject.tryAcquire(lab, scope('b'))).toBeDefined();
    places?.forEach((place) => place.release());
    expect(subject.taken).toBe(2);
  });

  describe('keeps places for owners with less than their share', () => {
    const enter = (subject: RunSlots, owner: string, tenant = '') => subject.tryAcquire(lab, scope(owner, tenant));
    const times = (n: number, work: () => unknown): void => Array.from({ length: n }).forEach(work);

    it('so that one with many runs, in whatever tenants, does not keep others out', () => {
      const subject = room({ maxRuns: 8 });
      let tenants = 0;
      times(20, () => enter(subject, 'hog', `t${tenants++}`));
      expect(subject.taken).toBe(6);
      const other = enter(subject, 'other');
      expect(other).toBeDefined();
      expect(enter(subject, 'other')).toBeDefined();
      expect([subject.taken, subject.open]).toEqual([8, false]);
      other?.release();
      expect(enter(subject, 'hog')).toBeUndefined();
      expect(enter(subject, 'other')).toBeDefined();
    });

    it('as many as the option says, or none', () => {
      const [half, none] = [room({ maxRuns: 8, ownerShare: 4 }), room({ maxRuns: 8, ownerShare: 0 })];
      times(10, () => enter(half, 'a'));
      times(10, () => enter(none, 'a'));
      expect([half.taken, none.taken]).toEqual([4, 8]);
      // Too small to be shared.
      const small = room({ maxRuns: 3 });
      times(5, () => enter(small, 'a'));
      expect(small.taken).toBe(3);
    });

    it('unless nobody is known by name, since then there are no others', () => {
      const subject = room({ maxRuns: 8 });
      const [first] = Array.from({ length: 10 }, () => enter(subject, ANONYMOUS));
      expect(subject.taken).toBe(8);
      expect(enter(subject, 'a')).toBeUndefined();
      first?.release();
      expect(enter(subject, ANONYMOUS)).toBeUndefined();
      expect(enter(subject, 'a')).toBeDefined();
    });

    it('also from what waits: beyond the share there is only what is not kept', () => {
      const subject = room({ maxRuns: 8 });
      enter(subject, 'a');
      const beyond = subject.reserve([lab], 100);
      expect([beyond?.wanted.limit, beyond?.wanted.maxPerOwner?.('a')]).toEqual([5, 8]);
      beyond?.end(Array.from({ length: 5 }, () => scope('a')));
      const kept = subject.reserve([lab], 100);
      expect(kept).toMatchObject({ restricted: true, wanted: { limit: 2 } });
      expect(kept?.wanted.maxPerOwner?.('a')).toBe(2);
      kept?.end([scope('b')]);
      expect(subject.taken).toBe(7);
    });

    it('and says when there is one for those who were kept out', () => {
      const subject = room({ maxRuns: 8 });
      let freed = 0;
      subject.freed.subscribe(() => freed++);
      const hog = Array.from({ length: 6 }, () => enter(subject, 'a'));
      enter(subject, 'b')?.release();
      expect(freed).toBe(0);
      hog[0]?.release();
      expect(freed).toBe(1);
      hog[1]?.release();
      expect(freed).toBe(1);
    });
  });

  it('lets nobody take a place that was left for what waits before that was looked at', () => {
    const subject = room({ maxRuns: 1 });
    const place = subject.tryAcquire(lab, scope('a'));
    subject.wanted = true;
    place?.release();
    expect(subject.tryAcquire(lab, scope('a'))).toBeUndefined();
    subject.reserve([lab], 10)?.end([]);
    expect(subject.tryAcquire(lab, scope('a'))).toBeDefined();
  });

  it('says who was served, the last one last, and what runs of each', () => {
    const subject = room({ maxRuns: 10, ownerShare: 0 });
    subject.tryAcquire(lab, scope('a'))?.release();
    subject.tryAcquire(lab, scope('b'));
    subject.tryAcquire(lab, scope('c', 't'));
    subject.tryAcquire(lab, scope('b'));
    for (let n = 0; n < 600; n++) subject.tryAcquire(lab, scope(`owner-${n}`))?.release();
    const running = subject.reserve([lab], 1)?.wanted.running ?? [];
    expect(running.slice(0, 2)).toEqual([
      { tenant: 't', owner: 'c', runs: 1 },
      { tenant: '', owner: 'b', runs: 2 },
    ]);
    expect(running.at(-1)).toEqual({ tenant: '', owner: 'owner-599', runs: 0 });
    expect(running).toHaveLength(502);
  });

  it('reserves no more than there is', () => {
    const subject = room({ maxRuns: 3 });
    subject.tryAcquire(lab, scope('a'));
    expect(subject.reserve([lab], 100)?.wanted.limit).toBe(2);
    expect(subject.reserve([lab], 100)).toBeUndefined();
    expect(subject.open).toBe(false);
  });
});
