import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskKey } from '../../../events/event-publisher.js';
import { CommittedEvent } from '../../../tasks/committed-event.js';
import { TaskEventFeed } from './task-event.feed.js';

const keyOf = (taskId: string): TaskKey => ({ taskId, owner: 'alice', tenant: '', agent: 'test' });
const eventOf = (taskId: string, seq: number, state?: CommittedEvent['state']): CommittedEvent =>
  new CommittedEvent(taskId, 'context', seq, state ? 'status' : 'artifact', `{"n":${'1'.repeat(1_000)}}`, state);
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
};

describe('TaskEventFeed', () => {
  /** The log of each task. */
  let logs: Map<string, CommittedEvent[]>;
  let delivered: string[];
  let lost: string[];
  let reads: number;
  let handler: (name: string) => Promise<void> | undefined;
  let feed: TaskEventFeed;

  beforeEach(() => {
    logs = new Map();
    [delivered, lost, reads] = [[], [], 0];
    handler = () => undefined;
    feed = new TaskEventFeed({
      read: async ({ taskId }, after) => {
        reads++;
        const events = logs.get(taskId);
        return events && { events: events.slice(after, after + 3), lastSeq: events.length, trimmed: false };
      },
      deliver: async ({ taskId }, { seq }) => {
        delivered.push(`${taskId}${seq}`);
        await handler(`${taskId}${seq}`);
      },
      lost: ({ taskId }) => void lost.push(taskId),
    });
  });

  const append = (taskId: string, count: number, end = false): CommittedEvent[] => {
    const log = logs.get(taskId) ?? [];
    logs.set(taskId, log);
    const events = Array.from({ length: count }, (_, index) =>
      eventOf(taskId, log.length + index + 1, end && index === count - 1 ? 'TASK_STATE_COMPLETED' : undefined),
    );
    log.push(...events);
    return events;
  };

  it('passes on what is committed here without reading it, and later than the commit', async () => {
    feed.committed(keyOf('a'), append('a', 2));
    expect(delivered).toEqual([]);
    await settled();
    feed.committed(keyOf('a'), append('a', 1));
    await settled();
    expect([delivered, reads]).toEqual([['a1', 'a2', 'a3'], 0]);
  });

  it('reads what others have committed, from where the wake begins, and fills gaps that it knows of', async () => {
    append('a', 5);
    feed.heard('a', 5, { task: keyOf('a'), after: 3 });
    await settled();
    expect(delivered).toEqual(['a4', 'a5']);
    append('a', 4);
    feed.heard('a', 9, { task: keyOf('a'), after: 8 });
    await settled();
    expect(delivered.slice(2)).toEqual(['a6', 'a7', 'a8', 'a9']);
    append('a', 1);
    feed.heard('a', 10);
    feed.heard('unknown', 3);
    await settled();
    expect(delivered.slice(6)).toEqual(['a10']);
  });

  it('passes each event on once, however often it is told', async () => {
    const events = append('a', 3);
    for (let times = 0; times < 3; times++) {
      feed.committed(keyOf('a'), events);
      feed.heard('a', 3, { task: keyOf('a'), after: 0 });
    }
    await settled();
    feed.heard('a', 2, { task: keyOf('a'), after: 1 });
    await settled();
    expect(delivered).toEqual(['a1', 'a2', 'a3']);
  });

  it('waits for the handlers of a task, and not for those of another', async () => {
    let release = (): void => undefined;
    handler = (name) => (name === 'a1' ? new Promise((resolve) => (release = resolve)) : undefined);
    feed.committed(keyOf('a'), append('a', 2));
    feed.committed(keyOf('b'), append('b', 2));
    await settled();
    expect(delivered).toEqual(['a1', 'b1', 'b2']);
    release();
    await settled();
    expect(delivered.at(-1)).toBe('a2');
  });

  it('keeps at most some MiB in memory, and reads the rest when its handlers are ready', async () => {
    const gates: (() => void)[] = [];
    handler = () => new Promise((resolve) => gates.push(resolve));
    // 40 MB.
    for (let batch = 0; batch < 40; batch++) feed.committed(keyOf('a'), append('a', 1_000));
    await settled();
    expect(delivered).toEqual(['a1']);
    handler = () => undefined;
    for (const open of gates) open();
    for (let round = 0; round < 2_000 && delivered.length < 40_000; round++) await settled();
    expect(delivered).toEqual(Array.from({ length: 40_000 }, (_, index) => `a${index + 1}`));
    expect(reads).toBeGreaterThan(1_000);
  });

  it('forgets a task that has ended, and tasks beyond a limit', async () => {
    feed.committed(keyOf('a'), append('a', 2, true));
    await settled();
    expect(feed.tasks).toEqual([]);
    for (let task = 0; task < 10_010; task++) feed.committed(keyOf(`t${task} `), append(`t${task} `, 1));
    for (let round = 0; round < 50 && delivered.length < 10_000; round++) await settled();
    expect([lost.length, delivered.length]).toEqual([10, 10_002]);
    feed.committed(keyOf('b'), append('b', 1));
    await settled();
    expect([lost.length, delivered.at(-1), feed.tasks.length]).toEqual([10, 'b1', 10_000]);
  });

  it('says so when a task cannot be read, and tries again at the next wake', async () => {
    feed.heard('gone', 3, { task: keyOf('gone'), after: 0 });
    await settled();
    expect([delivered, feed.tasks]).toEqual([[], []]);
    append('a', 2);
    const log = logs.get('a')!;
    logs.set(
      'a',
      new Proxy(log, {
        get: () => {
          throw new Error('The storage is unavailable.');
        },
      }),
    );
    feed.heard('a', 2, { task: keyOf('a'), after: 0 });
    await settled();
    expect([delivered, lost]).toEqual([[], ['a']]);
    logs.set('a', log);
    feed.heard('a', 2);
    await settled();
    expect(delivered).toEqual(['a1', 'a2']);
  });

  it('passes on what is known before it stops, for a limited time', async () => {
    feed.committed(keyOf('a'), append('a', 100));
    await feed.stop(5_000);
    expect(delivered).toHaveLength(100);
    feed.committed(keyOf('b'), append('b', 1));
    await settled();
    expect(delivered).toHaveLength(100);
  });
});
