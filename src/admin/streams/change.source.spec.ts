import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import type { TaskWake } from '../../events/event-bus.interface.js';
import type { CommittedEvents } from '../../events/event-publisher.js';
import { ChangeSource } from './change.source.js';

describe('ChangeSource', () => {
  let commits: Subject<CommittedEvents>;
  let wake: (heads: readonly TaskWake[]) => void;
  let listening: number;
  let source: ChangeSource;

  beforeEach(() => {
    commits = new Subject();
    listening = 0;
    source = new ChangeSource(
      { committed$: commits },
      {
        onWake: (listener) => {
          listening += 1;
          wake = listener;
          return () => void (listening -= 1);
        },
      },
    );
  });
  afterEach(() => source.stop());

  const commit = (taskId: string, seq: number): void =>
    commits.next({ task: { taskId, owner: 'o', tenant: '', agent: 'a' }, events: [{ seq }] as never });

  it('tells of commits here and of wakes from elsewhere, each task once with its newest seq', async () => {
    commit('a', 1);
    commit('a', 2);
    wake([
      { taskId: 'b', seq: 7 },
      { taskId: 'a', seq: 1 },
    ]);
    expect(await source.pull()).toEqual([
      { taskId: 'a', seq: 2 },
      { taskId: 'b', seq: 7 },
    ]);
  });

  it('waits for a change', async () => {
    const pulled = source.pull();
    commit('c', 1);
    expect(await pulled).toEqual([{ taskId: 'c', seq: 1 }]);
  });

  it('holds at most 1,000 tasks for a client that does not read: the newest', async () => {
    for (let n = 1; n <= 1_500; n++) commit(`t${n}`, n);
    const changes = await source.pull();
    expect(changes).toHaveLength(1_000);
    expect([changes?.[0]?.taskId, changes?.at(-1)?.taskId]).toEqual(['t501', 't1500']);
  });

  it('ends a waiting pull and listens no more when it is stopped', async () => {
    const pulled = source.pull();
    source.stop();
    expect(await pulled).toBeUndefined();
    expect([listening, commits.observed]).toEqual([0, false]);
  });
});
