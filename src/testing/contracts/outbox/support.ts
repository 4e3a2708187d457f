import type { OutboxEntry } from '../../../tasks/outbox.interface.js';
import type { PendingEvent } from '../../../tasks/pending-event.js';
import type { Stores } from '../../../tasks/stores.js';
import { begin, caller, chunk, HOUR, pause, pushConfig, type Writer } from '../fixtures.js';
import { untilSome } from '../until.js';

/** A running task with push notification configs. */
export async function notified(stores: Stores, ...configIds: string[]): Promise<Writer> {
  const context = caller();
  const writer = await begin(stores, context);
  for (const id of configIds) await stores.pushConfigs.put(context, writer.run.taskId, pushConfig(id), 10);
  return writer;
}

/** Takes what is due of these tasks; what other tests left behind is buried. */
export async function due(stores: Stores, tasks: Writer[], leaseMs = HOUR): Promise<OutboxEntry[]> {
  const ids = tasks.map(({ run }) => run.taskId);
  const taken = await stores.outbox.take(1000, leaseMs);
  for (const { id, event } of taken)
    if (!ids.includes(event.taskId)) await stores.outbox.deadLetter(id, 'of another test');
  return taken.filter(({ event }) => ids.includes(event.taskId));
}

/** What becomes due of these tasks, after `ms` or later. */
export async function dueAfter(ms: number, stores: Stores, tasks: Writer[]): Promise<OutboxEntry[]> {
  await pause(ms);
  return untilSome(() => due(stores, tasks));
}

/** A whole artifact. */
export const artifact = (text: string): PendingEvent => chunk(text, `artifact-${text}`, false);

export const seqs = (entries: OutboxEntry[]): number[] => entries.map(({ event }) => event.seq);
