import type { Message } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { InlinePushConfig } from './push-config-store.interface.js';
import type { RunRef } from './task-record.js';
import type { MessageRequest } from './turn-request.js';

/** Injects the `InboxStore`. */
export const INBOX_STORE = Symbol('InboxStore');

/** A message that waits for its turn, with the parts of its request that the agent sees. Stored as one JSON document. */
export interface InboxMessage extends MessageRequest {
  readonly message: Message;
  /** When it was accepted, in ms since the epoch, by the clock of the process that accepted it. */
  readonly acceptedAt?: number;
}

export interface InboxEntry extends InboxMessage {
  readonly id: string;
}

/** Of `InboxStore.put`. */
export interface PutOptions {
  /** The key that identifies a repeated send of the message. Default: its messageId. */
  readonly key?: string;
  /** Stored in the same transaction as the message, and only if the message is stored. */
  readonly pushConfig?: InlinePushConfig;
}

/**
 * `queued`: it waits under `id`. `duplicate`: this messageId was sent before, to `taskId`. `full`: `limit` messages already wait.
 * `configs-full`: the task has its maximum of push notification configs. `terminal`: the task has ended. `missing`: no such task.
 */
export type PutResult =
  | { readonly result: 'queued'; readonly id: string }
  | { readonly result: 'duplicate'; readonly taskId: string; readonly sameContent: boolean }
  | { readonly result: 'full' | 'configs-full' | 'terminal' | 'missing' };

/** Messages to existing tasks, in order of arrival. Any replica may put; only the run that owns the task takes. */
export interface InboxStore {
  put(
    context: CallContext,
    taskId: string,
    entry: InboxMessage,
    digest: string,
    limit: number,
    options?: PutOptions,
  ): Promise<PutResult>;
  /** The oldest entry. It stays until an append consumes it. undefined: the inbox is empty, or the run is fenced. */
  peek(run: RunRef): Promise<InboxEntry | undefined>;
  /** Whether the entry is still in the inbox. */
  waiting(context: CallContext, taskId: string, id: string): Promise<boolean>;
  /** Removes an entry that will not be answered (its sender gave up before its turn). The message may be sent again. */
  withdraw(context: CallContext, taskId: string, id: string): Promise<boolean>;
  /** Deletes up to `limit` messages that wait for tasks that have ended. Their ids stay known. Returns how many. Not for clients. */
  sweep(limit: number): Promise<number>;
}
