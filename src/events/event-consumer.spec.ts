import { describe, expect, it } from '@jest/globals';
import { EventConsumer } from './event-consumer.js';
import { EventQueue } from './event-queue.js';
import { QueueClosedError, QueueEmptyError } from './events.errors.js';

const make = (maxItems = 1024): { queue: EventQueue<number>; consumer: EventConsumer<number> } => {
  const queue = new EventQueue<number>({ maxItems, sizeOf: (n) => n });
  return { queue, consumer: new EventConsumer(queue) };
};

/** What the iteration returned, and how it ended. */
async function all<T>(items: AsyncIterable<T>): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const item of items) seen.push(item);
    return [...seen, 'end'];
  } catch (error) {
    return [...seen, (error as Error).message];
  }
}

async function* batches<T>(consumer: EventConsumer<T>, ...limits: number[]): AsyncGenerator<T[]> {
  for (let batch = await consumer.nextBatch(...limits); batch; batch = await consumer.nextBatch(...limits)) yield batch;
}

describe('EventConsumer', () => {
  it('gives one event at a time', async () => {
    const { queue, consumer } = make();
    const first = consumer.consumeOne();
    await queue.enqueueEvent(1);
    expect(await first).toBe(1);
    await expect(consumer.consumeOne({ noWait: true })).rejects.toThrow(QueueEmptyError);
  });

  it('waits for an event and then takes all that is there, within the limits', async () => {
    const { queue, consumer } = make();
    const seen = all(batches(consumer, 3, 10));
    await Promise.resolve();
    for (const n of [1, 2, 3, 4, 9, 20]) void queue.enqueueEvent(n);
    consumer.agentDone();
    expect(await seen).toEqual([[1, 2, 3], [4], [9], [20], 'end']);
  });

  it('ends when the agent is done, after those who still waited to enqueue', async () => {
    const { queue, consumer } = make(1);
    for (const n of [1, 2, 3]) void queue.enqueueEvent(n);
    consumer.agentDone();
    expect(await all(consumer.consumeAll())).toEqual([1, 2, 3, 'end']);
    await expect(queue.enqueueEvent(4)).rejects.toThrow(QueueClosedError);
  });

  it('wakes a consumer that waits when the agent is done or fails', async () => {
    for (const [end, ending] of [
      [(c: EventConsumer<number>) => c.agentDone(), 'end'],
      [(c: EventConsumer<number>) => c.agentFailed(new Error('boom')), 'boom'],
    ] as const) {
      const { consumer } = make();
      const seen = all(consumer.consumeAll());
      await new Promise((resolve) => setImmediate(resolve));
      end(consumer);
      expect(await seen).toEqual([ending]);
    }
  });

  it('gives what was accepted before the failure, then the failure, and takes nothing after it', async () => {
    const { queue, consumer } = make();
    await queue.enqueueEvent(1);
    await queue.enqueueEvent(2);
    consumer.agentFailed(new Error('boom'));
    consumer.agentDone();
    await expect(queue.enqueueEvent(3)).rejects.toThrow(QueueClosedError);
    expect(await consumer.consumeOne()).toBe(1);
    expect(await all(batches(consumer))).toEqual([[2], 'boom']);
    await expect(consumer.consumeOne()).rejects.toThrow('boom');
  });

  it('lets the first of done and failed count', async () => {
    const { consumer } = make();
    consumer.agentDone();
    consumer.agentFailed(new Error('late'));
    expect(await all(consumer.consumeAll())).toEqual(['end']);
    await expect(consumer.consumeOne()).rejects.toThrow(QueueClosedError);
  });

  it('leaves to the next consumption what a consumer that breaks off did not get', async () => {
    const { queue, consumer } = make();
    for (const n of [1, 2, 3]) await queue.enqueueEvent(n);
    for await (const n of consumer.consumeAll()) if (n === 2) break;
    expect(await consumer.consumeOne()).toBe(3);
  });

  it('acknowledges an event when the consumer comes back for the next', async () => {
    const { queue, consumer } = make();
    await queue.enqueueEvent(1);
    const events = consumer.consumeAll();
    await events.next();
    let closed = false;
    const closing = queue.close().then(() => (closed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    await events.next();
    await closing;
  });
});
