/** The id of an outbox entry consists of the task (36 characters), the seq, and the config. */
const ENTRY_ID = /^([0-9a-f-]{36}):(\d{1,16}):([^]*)$/;

export const entryId = (taskId: string, seq: number | string, configId: string): string =>
  `${taskId}:${seq}:${configId}`;

export function entryOf(id: string): [taskId: string, configId: string, seq: string] | undefined {
  const [, taskId, seq, configId] = ENTRY_ID.exec(id) ?? [];
  return taskId !== undefined && seq !== undefined && configId !== undefined ? [taskId, configId, seq] : undefined;
}
