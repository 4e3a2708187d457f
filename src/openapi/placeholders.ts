import { randomUUID } from 'node:crypto';

/** Stands for the id of a task. The pages replace it by that of the last answer. */
export const LAST_TASK = 'last-task';
/** Begins each `messageId` of an example, so that the pages can make a fresh one for each call. */
export const EXAMPLE_MESSAGE = 'example-';

export const TASK_ID_HINT = `Id of a task. '${LAST_TASK}' is replaced by that of the last answer on this page. ListTasks has the others.`;

/** A copy in which each `messageId` of an example is a new one. */
export function withFreshMessageIds(value: unknown): unknown {
  if (value === EXAMPLE_MESSAGE) return EXAMPLE_MESSAGE + randomUUID();
  if (Array.isArray(value)) return value.map(withFreshMessageIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withFreshMessageIds(member)]));
}
