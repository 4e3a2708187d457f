import type { AuthenticationInfo } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { DeliveryAttempt } from './admin/delivery-attempt.js';

/** Injects the `PushNotificationConfigStore`. */
export const PUSH_CONFIG_STORE = Symbol('PushNotificationConfigStore');

/** A webhook of a task. `token` and `authentication.credentials` are secrets: show them only to its owner and its receiver. */
export interface PushConfig {
  /** Unique within the task. */
  readonly id: string;
  readonly url: string;
  readonly token?: string;
  readonly authentication?: AuthenticationInfo;
  /** The protocol version it was registered in. Deliveries use this version. */
  readonly wireVersion: CallContext['protocolVersion'];
}

/** A config that is stored together with a message, unless the task already has `limit` others. */
export interface InlinePushConfig {
  readonly config: PushConfig;
  readonly limit: number;
}

/** `missing`: no such task in this scope. `full`: the task has `limit` active configs. */
export type PutPushConfigResult = 'stored' | 'missing' | 'full';

/** A webhook that was disabled, as its owner is told. */
export interface DisabledPushConfig {
  readonly id: string;
  /** RFC 3339 UTC. */
  readonly disabledAt: string;
  /** Of the last delivery that was tried: how often, and what the last attempt met with. Absent: none was. */
  readonly attempts?: number;
  readonly lastAttempt?: DeliveryAttempt;
}

/** Which page of a task's webhooks. */
export interface PushConfigPageQuery {
  /** 1 … 100, default 50. */
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** `nextPageToken` is "" on the last page. */
export interface PushConfigPage {
  readonly configs: readonly PushConfig[];
  readonly nextPageToken: string;
}

/**
 * The webhooks of tasks; they are deleted with their task. An append that commits after a config was stored owes the event to it.
 * A config whose receiver failed too often is disabled: nothing is owed to it and it is not shown until it is stored again.
 * Configs of handlers (`isHandlerId`) are stored with new tasks only: `get`, `list`, `disabled`, `delete`, `countOf` and the limits of `put` pass over
 * them.
 */
export interface PushNotificationConfigStore {
  /**
   * Creates the config, or replaces the one with the same id; a replaced config keeps its position and what is owed to it.
   * `limit`: the most active configs of a task.
   */
  put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult>;
  /** undefined: no such config, or no such task in this scope. */
  get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined>;
  /**
   * The active configs, oldest first. undefined: no such task in this scope. Throws INVALID_PARAMS (field pageToken) on a token
   * that was not issued for this task and caller.
   */
  list(context: CallContext, taskId: string, query?: PushConfigPageQuery): Promise<PushConfigPage | undefined>;
  /**
   * The config, if it is disabled; without an id the one of the task that was disabled last. undefined: there is none in this scope. It is
   * kept until it is deleted or stored again, or another config of its task is stored.
   */
  disabled(context: CallContext, taskId: string, configId?: string): Promise<DisabledPushConfig | undefined>;
  /** Deletes the config, if it exists, with everything that is owed to it. False: no such task in this scope. */
  delete(context: CallContext, taskId: string, configId: string): Promise<boolean>;
  /**
   * How many active configs the owner's tasks have that have not ended, over all tenants. A result of `limit` or more means: at
   * least that many. Not for clients: no scope.
   */
  countOf(owner: string, limit: number): Promise<number>;
  /** Not for clients: no scope. Nothing more is owed to the config; what is owed is dead-lettered with `reason`. */
  disable(taskId: string, configId: string, reason: string): Promise<void>;
}
