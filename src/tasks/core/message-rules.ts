import type { PutResult } from '../inbox-store.interface.js';
import type { InlinePushConfig } from '../push-config-store.interface.js';
import { type TaskRow, isOpen } from './task-row.js';
import { type WebhookRow, isFull } from './webhook-rules.js';

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
  /** Of the task, if one comes with the message. */
  readonly webhooks?: readonly WebhookRow[];
}

/** What a decision on a message for a task depends on, of the message. */
export interface MessageToPut {
  readonly digest: string;
  /** Messages that may wait. */
  readonly limit: number;
  /** The webhook that comes with the message. */
  readonly pushConfig?: InlinePushConfig;
}

/** Why a message does not go into the inbox; undefined: it does. A message that was sent before is always answered as that one. */
export function putRefusal(
  { row, known, waiting, webhooks = [] }: InboxFacts,
  { digest, limit, pushConfig }: MessageToPut,
): Exclude<PutResult, { result: 'queued' }> | undefined {
  if (!row) return { result: 'missing' };
  if (known) return { result: 'duplicate', taskId: known.taskId, sameContent: known.digest === digest };
  if (!isOpen(row)) return { result: 'terminal' };
  if (waiting >= limit) return { result: 'full' };
  return pushConfig && isFull(webhooks, pushConfig) ? { result: 'configs-full' } : undefined;
}
