import type { Message } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { InlinePushConfig } from './push-config-store.interface.js';
import type { RunRef } from './task-record.js';
import type { MessageRequest } from './turn-request.js';

export const INBOX_STORE = Symbol('InboxStore');

/** What waits for its turn: the message, and of its request what the agent is told. Stored as one JSON document. */
export interface InboxMessage extends MessageRequest {
  readonly message: Message;
}

export interface InboxEntry extends InboxMessage {
  readonly id: string;
}

export interface PutOptions {
  /** Under what the message is known when it is sent again. Default: its messageId. */
  readonly key?: string;
  /** Stored in the same transaction, if the message is. */
  readonly pushConfig?: InlinePushConfig;
}

/**
 * `queued`: it waits under `id`. `duplicate`: this messageId was sent before, to `taskId`. `full`: `limit` messages wait.
 * `configs-full`: the task has as many push notification configs as it may. `terminal`, `missing`: as they say.
 */
export type PutResult =
  | { readonly result: 'queued'; readonly id: string }
  | { readonly result: 'duplicate'; readonly taskId: string; readonly sameContent: boolean }
  | { readonly result: 'full' | 'configs-full' | 'terminal' | 'missing' };

/** Messages to a task that exists, in the order of arrival. Any replica may put; only the run that owns the task takes. */
export interface InboxStore {
  put(
    context: CallContext,
    taskId: string,
    entry: InboxMessage,
    digest: string,
    limit: number,
    options?: PutOptions,
  ): Promise<PutResult>;
  /** The oldest entry, which stays until an append consumes it. undefined: none, or the run is fenced. */
  peek(run: RunRef): Promise<InboxEntry | undefined>;
  /** Whether the entry still waits. */
  waiting(context: CallContext, taskId: string, id: string): Promise<boolean>;
  /** Removes an entry that will not be answered (its sender gave up before its turn); the message may be sent again. */
  withdraw(context: CallContext, taskId: string, id: string): Promise<boolean>;
  /** Forgets up to `limit` messages that wait for tasks that have ended; their ids stay known. Returns how many. Not for clients. */
  sweep(limit: number): Promise<number>;
}
