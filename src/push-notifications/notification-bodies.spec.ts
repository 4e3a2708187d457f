import { describe, expect, it } from '@jest/globals';
import { openMemoryStores } from '../tasks/memory/open-stores.js';
import type { OutboxEntry } from '../tasks/outbox.interface.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';
import { begin, caller, chunk, incoming, pushConfig, status } from '../testing/contracts/fixtures.js';
import { NotificationBodies } from './notification-bodies.js';

const V03: Partial<PushConfig> = { wireVersion: '0.3' };

interface V03Task {
  readonly kind: string;
  readonly id: string;
  readonly contextId: string;
  readonly status: { readonly state: string; readonly message?: object };
  readonly history?: readonly object[];
  readonly artifacts?: readonly { readonly artifactId: string; readonly parts: readonly { readonly text: string }[] }[];
}

async function setUp(maxTaskBytes = 1_000_000) {
  const stores = openMemoryStores();
  const context = caller();
  const writer = await begin(stores, context);
  let read = 0;
  const tasks = {
    head: stores.tasks.head.bind(stores.tasks),
    eventsAfter: async (...args: Parameters<typeof stores.tasks.eventsAfter>) => {
      const page = await stores.tasks.eventsAfter(...args);
      read += page?.events.length ?? 0;
      return page;
    },
  };
  const bodies = new NotificationBodies(tasks, maxTaskBytes);
  /** What is said of an event, to a config of v0.3 unless `config` says otherwise. */
  const bodyOf = async (seq: number, config = V03): Promise<string | undefined> => {
    const page = await stores.tasks.eventsAfter(context, writer.run.taskId, seq - 1, { limit: 1 });
    const [event] = page?.events ?? [];
    if (!event) throw new Error(`There is no event ${seq}.`);
    return bodies.bodyOf(entry(event, config));
  };
  const entry = (event: OutboxEntry['event'], config = V03): OutboxEntry => ({
    ...{ id: '1', attempts: 0, givenUp: 0, followed: false },
    event,
    scope: context,
    config: pushConfig('c', config),
  });
  const taskAt = async (seq: number): Promise<V03Task> => JSON.parse((await bodyOf(seq)) ?? '') as V03Task;
  return { stores, writer, context, bodies, bodyOf, taskAt, entry, eventsRead: () => read };
}

describe('what a webhook is sent', () => {
  it('is the event in v1.0', async () => {
    const { writer, bodyOf, eventsRead } = await setUp();
    await writer.write(status('TASK_STATE_WORKING'));
    expect(JSON.parse((await bodyOf(2, {})) ?? '')).toMatchObject({
      statusUpdate: { status: { state: 'TASK_STATE_WORKING' } },
    });
    expect(eventsRead()).toBe(0);
  });

  it('is the Task as of the event in v0.3, whatever has happened since', async () => {
    const { writer, taskAt } = await setUp();
    const { message } = incoming('more');
    await writer.write(chunk('a', 'out', false), chunk('b', 'out'), status('TASK_STATE_WORKING', { inbound: message }));
    await writer.write(chunk('c', 'out'), status('TASK_STATE_COMPLETED'));
    const { taskId: id, contextId } = writer.run;
    const texts = async (seq: number): Promise<unknown> => {
      const task = await taskAt(seq);
      expect(task).toMatchObject({ kind: 'task', id, contextId });
      return [task.status.state, task.artifacts?.[0]?.parts.map(({ text }) => text).join('')];
    };
    expect(await texts(1)).toEqual(['submitted', undefined]);
    expect(await texts(6)).toEqual(['completed', 'abc']);
    expect(await texts(4)).toEqual(['working', 'ab']);
    expect((await taskAt(4)).history?.length).toBe(1 + ((await taskAt(1)).history?.length ?? 0));
    expect(await texts(2)).toEqual(['submitted', 'a']);
  });

  it('reads each event of a task once for all notifications of it, in their order', async () => {
    const { writer, taskAt, eventsRead } = await setUp();
    for (let n = 0; n < 20; n++) await writer.write(...Array.from({ length: 50 }, () => chunk('x', 'out')));
    for (let n = 1; n <= 20; n++) await Promise.all([taskAt(1 + n * 50)]);
    for (let n = 0; n < 5; n++) await taskAt(1001);
    expect(eventsRead()).toBe(1001);
  });

  it('has no history and no artifacts when the task is too large, and reads no more of it than that', async () => {
    const { writer, taskAt, bodyOf, eventsRead } = await setUp(10_000);
    await writer.write(status('TASK_STATE_WORKING'), chunk('small', 'first', false));
    for (let n = 0; n < 100; n++)
      await writer.write(...Array.from({ length: 10 }, () => chunk('x'.repeat(200), 'out')));
    await writer.write(chunk('more', 'second', false));
    // Nothing has happened since: the status is known.
    expect(await taskAt(1004)).toMatchObject({ kind: 'task', status: { state: 'working' } });
    await writer.write(status('TASK_STATE_COMPLETED'));
    expect(await bodyOf(1004)).toBeUndefined();
    const last = await taskAt(1005);
    expect([last.status.state, last.artifacts ?? [], last.history ?? []]).toEqual(['completed', [], []]);
    expect((await taskAt(3)).artifacts).toHaveLength(1);
    expect(eventsRead()).toBeLessThan(600);
  });

  it('has the status alone when the log was trimmed', async () => {
    const { stores, writer, context, bodies, entry } = await setUp();
    await writer.write(chunk('a', 'out', false), status('TASK_STATE_COMPLETED'));
    const page = await stores.tasks.eventsAfter(context, writer.run.taskId, 0);
    await stores.tasks.trim(writer.run.taskId, 3);
    const [created, , ended] = page?.events ?? [];
    if (!created || !ended) throw new Error('not there');
    expect(JSON.parse((await bodies.bodyOf(entry(ended))) ?? '')).toMatchObject({ status: { state: 'completed' } });
    expect(JSON.parse((await bodies.bodyOf(entry(created))) ?? '')).toMatchObject({ status: { state: 'submitted' } });
  });

  it('is left to what follows, of an artifact in v0.3 that was not tried yet', async () => {
    const { writer, stores, context, bodies, entry } = await setUp();
    await writer.write(chunk('a', 'out', false), status('TASK_STATE_WORKING'));
    const page = await stores.tasks.eventsAfter(context, writer.run.taskId, 1);
    const [artifact, working] = page?.events ?? [];
    if (!artifact || !working) throw new Error('not there');
    const covered = (more: Partial<OutboxEntry>): boolean => bodies.isCovered({ ...entry(artifact), ...more });
    expect(covered({ followed: true })).toBe(true);
    expect(covered({})).toBe(false);
    expect(covered({ followed: true, attempts: 1 })).toBe(false);
    expect(covered({ followed: true, event: working })).toBe(false);
    expect(covered({ followed: true, config: pushConfig('c') })).toBe(false);
  });
});
