import { describe, expect, it } from '@jest/globals';
import { CommittedEvent } from '../tasks/committed-event.js';
import { EventQueue } from './event-queue.js';
import {
  NoTaskQueue,
  NoTaskSubscriber,
  QueueClosedError,
  TapLaggingError,
  TaskQueueExists,
  TaskSubscriberExists,
} from './events.errors.js';
import { InMemoryQueueManager } from './in-memory-queue-manager.js';
import { TaskEventManager } from './task-event.manager.js';

const event = (seq: number): CommittedEvent => new CommittedEvent('t', 'c', seq, 'artifact', '{}');
const rootQueue = (): EventQueue<CommittedEvent> => new EventQueue<CommittedEvent>({ retain: false });

describe('InMemoryQueueManager', () => {
  it('makes a root queue for the first tap and forgets it with the last', () => {
    const manager = new InMemoryQueueManager();
    const taps = [manager.createOrTap('t'), manager.createOrTap('t')];
    const root = manager.get('t');
    expect([manager.taskIds(), root?.taps]).toEqual([['t'], 2]);
    taps[0]?.close();
    expect(manager.get('t')).toBe(root);
    taps[1]?.close();
    expect([manager.get('t'), manager.taskIds(), root?.isClosed()]).toEqual([undefined, [], true]);
  });

  it('publishes to all who read the task and to nobody else', () => {
    const manager = new InMemoryQueueManager();
    manager.publish('t', [event(1)]);
    const [one, two, other] = [
      manager.createOrTap('t'),
      manager.createOrTap('t', { maxItems: 1 }),
      manager.createOrTap('u'),
    ];
    manager.publish('t', [event(2), event(3)]);
    expect(one.drain().map(({ seq }) => seq)).toEqual([2, 3]);
    expect([two.lagging, other.length]).toEqual([true, 0]);
  });

  it('keeps a queue that was added until it is closed', async () => {
    const manager = new InMemoryQueueManager();
    const queue = rootQueue();
    manager.add('t', queue);
    expect(() => manager.add('t', rootQueue())).toThrow(TaskQueueExists);
    manager.tap('t')?.close();
    expect(manager.get('t')).toBe(queue);
    const tap = manager.createOrTap('t');
    await manager.close('t');
    await expect(tap.dequeueEvent()).rejects.toThrow(QueueClosedError);
    await expect(manager.close('t')).rejects.toThrow(NoTaskQueue);
    expect([manager.get('t'), manager.tap('t')]).toEqual([undefined, undefined]);
  });

  it('refuses a queue that would fill', () => {
    expect(() => new InMemoryQueueManager().add('t', new EventQueue())).toThrow(/retain: false/);
  });

  it('replaces a queue that somebody closed', async () => {
    const manager = new InMemoryQueueManager();
    const queue = rootQueue();
    manager.add('t', queue);
    await queue.close();
    const tap = manager.createOrTap('t');
    manager.publish('t', [event(1)]);
    expect(tap.length).toBe(1);
  });

  it('goes on when a listener closes the queue while events are published', () => {
    const manager = new InMemoryQueueManager();
    const tap = manager.createOrTap('t');
    manager
      .get('t')
      ?.asObservable()
      .subscribe(() => tap.close());
    manager.publish('t', [event(1), event(2)]);
    expect(manager.taskIds()).toEqual([]);
  });
});

describe('TaskEventManager', () => {
  const make = (): { queues: InMemoryQueueManager; manager: TaskEventManager } => {
    const queues = new InMemoryQueueManager();
    return { queues, manager: new TaskEventManager(queues) };
  };

  it('gives each subscriber the events of its task since it was added', async () => {
    const { manager } = make();
    manager.addSubscriber('t', 'a');
    manager.enqueue('t', event(1));
    manager.addSubscriber('t', 'b');
    manager.enqueue('t', event(2));
    expect(manager.subscribers('t')).toEqual(['a', 'b']);
    expect((await manager.dequeue('t', 'a')).seq).toBe(1);
    expect((await manager.dequeue('t', 'a')).seq).toBe(2);
    expect((await manager.dequeue('t', 'b')).seq).toBe(2);
  });

  it('knows its subscribers', async () => {
    const { manager, queues } = make();
    manager.addSubscriber('t', 'a');
    expect(() => manager.addSubscriber('t', 'a')).toThrow(TaskSubscriberExists);
    await expect(manager.dequeue('t', 'b')).rejects.toThrow(NoTaskSubscriber);
    const waiting = manager.dequeue('t', 'a');
    expect([manager.removeSubscriber('t', 'a'), manager.removeSubscriber('t', 'a')]).toEqual([true, false]);
    await expect(waiting).rejects.toThrow(QueueClosedError);
    expect([manager.subscribers('t'), queues.taskIds()]).toEqual([[], []]);
  });

  it('tells a subscriber once that it fell behind', async () => {
    const { manager } = make();
    manager.addSubscriber('t', 'a', { maxItems: 1 });
    for (const seq of [1, 2]) manager.enqueue('t', event(seq));
    await expect(manager.dequeue('t', 'a')).rejects.toThrow(TapLaggingError);
    manager.enqueue('t', event(3));
    expect((await manager.dequeue('t', 'a')).seq).toBe(3);
  });

  it('lets go of a subscriber that has read a closed queue to its end', async () => {
    const { manager, queues } = make();
    manager.addSubscriber('t', 'a');
    manager.enqueue('t', event(1));
    await queues.close('t');
    expect((await manager.dequeue('t', 'a')).seq).toBe(1);
    await expect(manager.dequeue('t', 'a')).rejects.toThrow(QueueClosedError);
    expect(manager.subscribers('t')).toEqual([]);
  });
});
