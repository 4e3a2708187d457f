import type { TraceCarrier } from '../common/tracing/tracing.interface.js';
import type { TaskScope } from '../security/call-context.js';
import type { CommittedEvent } from '../tasks/committed-event.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';

export const PUSH_NOTIFICATION_SENDER = Symbol('PushNotificationSender');

/** An event for a receiver. */
export interface PushNotification {
  readonly event: CommittedEvent;
  readonly config: PushConfig;
  /** Owner, tenant and agent of the task. */
  readonly scope: TaskScope;
  /** JSON in the version of the config: a StreamResponse of v1.0, or the Task of v0.3 as of the event. */
  readonly body: string;
  /** The trace of the request that led to the event, for the headers of the notification. Absent: it has none. */
  readonly trace?: TraceCarrier;
}

/**
 * `delivered`: the receiver has it. `failed`: it may be retried, after `retryAfterMs` if the receiver said so; `unanswered`:
 * whether its host did not respond, if known. `rejected`: no retry can succeed. `gone`: the receiver wants nothing more of this
 * config. `stopped`: by the signal. A `reason` contains no secrets. `answer`: for operators, who find it in the log of attempts.
 */
export type PushOutcome =
  | { readonly result: 'delivered' | 'stopped' }
  | {
      readonly result: 'failed';
      readonly reason: string;
      readonly retryAfterMs?: number;
      readonly unanswered?: boolean;
      readonly answer?: PushAnswer;
    }
  | { readonly result: 'rejected' | 'gone'; readonly reason: string; readonly answer?: PushAnswer };

/** What a receiver answered, or why it did not. Nothing of the request, no header, no secret. */
export interface PushAnswer {
  readonly status?: number;
  /** A code: 'timeout', 'connect', … */
  readonly error?: string;
  /** The beginning of the body: at most 200 printable characters. */
  readonly excerpt?: string;
}

/** Sends notifications: by HTTP, or by what an application provides instead. */
export interface PushNotificationSender {
  /** Makes one attempt, within its own time limit. It may be called again with the same event: delivery is at least once. */
  send(notification: PushNotification, signal: AbortSignal): Promise<PushOutcome>;
}
