import type { CallContext } from '../../../security/call-context.js';
import type { PendingEvent } from '../../../tasks/pending-event.js';
import { begin, caller, chunk, HOUR, type Writer } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

/** A whole artifact. */
export const artifact = (text: string): PendingEvent => chunk(text, `artifact-${text}`, false);

/** A running task, and whose it is. */
export async function running(subject: Subject): Promise<{ context: CallContext; writer: Writer; taskId: string }> {
  const context = caller();
  const writer = await begin(subject(), context);
  return { context, writer, taskId: writer.run.taskId };
}

/** [config, seq] of what a task is owed, the oldest of each config; they stay taken. */
export async function owed(subject: Subject, taskId: string): Promise<[string, number][]> {
  const taken = await subject().outbox.take(1000, HOUR);
  const mine = taken.filter(({ event }) => event.taskId === taskId);
  return mine.map(({ config, event }): [string, number] => [config.id, event.seq]).sort();
}

export async function idsOf(subject: Subject, context: CallContext, taskId: string): Promise<string[] | undefined> {
  return (await subject().pushConfigs.list(context, taskId))?.configs.map(({ id }) => id);
}
