import type { AuthenticationInfo } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';

export const PUSH_CONFIG_STORE = Symbol('PushNotificationConfigStore');

/** A webhook of a task. `token` and `authentication.credentials` are secrets: for its owner and its receiver alone. */
export interface PushConfig {
  /** Unique within the task. */
  readonly id: string;
  readonly url: string;
  readonly token?: string;
  readonly authentication?: AuthenticationInfo;
  /** The protocol version it was registered in: what its receiver is spoken to in. */
  readonly wireVersion: CallContext['protocolVersion'];
}

/** A config that is stored together with a message, unless its task has `limit` others already. */
export interface InlinePushConfig {
  readonly config: PushConfig;
  readonly limit: number;
}

/** `missing`: no such task in this scope. `full`: the task has `limit` active configs. */
export type PutPushConfigResult = 'stored' | 'missing' | 'full';

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
 * The webhooks of tasks; they go with their task. An append that is committed after a config was stored owes it the event. A
 * config whose receiver failed too often is disabled: nothing is owed to it and it is not shown, until it is stored again.
 */
export interface PushNotificationConfigStore {
  /**
   * Creates the config, or replaces the one with its id, in its place of the order and with what is owed to it. `limit`: active
   * configs that a task may have.
   */
  put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult>;
  /** undefined: no such config, or no such task in this scope. */
  get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined>;
  /**
   * The active configs, oldest first. undefined: no such task in this scope. Throws INVALID_PARAMS (field pageToken) on a token
   * that is not for this task and caller.
   */
  list(context: CallContext, taskId: string, query?: PushConfigPageQuery): Promise<PushConfigPage | undefined>;
  /** Takes the config away, with all that is owed to it, if it is there. False: no such task in this scope. */
  delete(context: CallContext, taskId: string, configId: string): Promise<boolean>;
  /**
   * How many active configs the owner's tasks have that have not ended, in all tenants; `limit` or more: at least so many. Not for
   * clients: no scope.
   */
  countOf(owner: string, limit: number): Promise<number>;
  /** Not for clients: no scope. Nothing more is owed to the config, and what is owed is given up for `reason`. */
  disable(taskId: string, configId: string, reason: string): Promise<void>;
}
