import type { PutResult } from '../inbox-store.interface.js';
import { type TaskRow, isOpen } from './task-row.js';

/** The task that took a message, and the digest of what was sent. */
export interface KnownMessage {
  readonly taskId: string;
  readonly digest: string;
}

/** What a storage reads, under the lock of the task's row, before it puts a message into the inbox. */
export interface InboxFacts {
  /** undefined: there is no such task in this scope. */
  readonly row?: Pick<TaskRow, 'state'>;
  /** What was sent under the same id before. */
  readonly known?: KnownMessage;
  /** Messages that wait already. */
  readonly waiting: number;
  /** Active push configs of the task other than the one that comes with the message. */
  readonly otherConfigs: number;
}

/** What a decision on a message for a task depends on, of the message. */
export interface MessageToPut {
  readonly digest: string;
  /** Messages that may wait. */
  readonly limit: number;
  /** Push configs that the task may have; undefined: none comes with the message. */
  readonly configLimit?: number;
}

/** Whether a task with so many other active push configs has no room for one more. A config that is replaced is none of them. */
export const isFull = (otherConfigs: number, limit: number): boolean => otherConfigs >= limit;

/** Why a message does not go into the inbox; undefined: it does. A message that was sent before is always answered as that one. */
export function putRefusal(
  { row, known, waiting, otherConfigs }: InboxFacts,
  { digest, limit, configLimit }: MessageToPut,
): Exclude<PutResult, { result: 'queued' }> | undefined {
  if (!row) return { result: 'missing' };
  if (known) return { result: 'duplicate', taskId: known.taskId, sameContent: known.digest === digest };
  if (!isOpen(row)) return { result: 'terminal' };
  if (waiting >= limit) return { result: 'full' };
  return configLimit !== undefined && isFull(otherConfigs, configLimit) ? { result: 'configs-full' } : undefined;
}
