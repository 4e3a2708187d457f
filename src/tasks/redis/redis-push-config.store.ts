import type { CallContext } from '../../security/call-context.js';
import { attemptsOf } from '../admin/delivery-attempt.js';
import { type PlacedPushConfig, pushConfigPage, pushConfigPageSize, pushConfigPosition } from '../push-config-page.js';
import type {
  DisabledPushConfig,
  PushConfig,
  PushConfigPage,
  PushConfigPageQuery,
  PushNotificationConfigStore,
  PutPushConfigResult,
} from '../push-config-store.interface.js';
import { isHandlerId } from '../handler-config.js';
import type { DeadNote } from './dead-note.js';
import type { RedisConnection } from './redis-connection.js';
import {
  CONFIGS,
  COUNT_CONFIGS,
  DELETE_CONFIG,
  DISABLE_CONFIG,
  DISABLED_CONFIG,
  PUT_CONFIG,
} from './scripts/push-config.scripts.js';
import { scopeKey } from './task-row.js';

export class RedisPushConfigStore implements PushNotificationConfigStore {
  constructor(private readonly connection: RedisConnection) {}

  put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult> {
    const values = [taskId, scopeKey(context), config.id, JSON.stringify(config), limit];
    return this.connection.run<PutPushConfigResult>(PUT_CONFIG, ...values);
  }

  async get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined> {
    return (await this.#all(context, taskId))?.find(({ config }) => config.id === configId)?.config;
  }

  async list(
    context: CallContext,
    taskId: string,
    query: PushConfigPageQuery = {},
  ): Promise<PushConfigPage | undefined> {
    const after = pushConfigPosition(query, context, taskId);
    const all = await this.#all(context, taskId);
    const rows = all?.filter(({ createdAt }) => !after || createdAt > after.time);
    return rows && pushConfigPage(rows.slice(0, pushConfigPageSize(query) + 1), query, context, taskId);
  }

  async disabled(context: CallContext, taskId: string, configId = ''): Promise<DisabledPushConfig | undefined> {
    const values = [taskId, scopeKey(context), configId];
    const found = await this.connection.run<[id: string, at: string, notes: string[]] | null>(
      DISABLED_CONFIG,
      ...values,
    );
    if (!found) return undefined;
    const [id, at, notes] = found;
    const tried = notes.map((text) => JSON.parse(text) as DeadNote).findLast(({ config, log }) => config === id && log);
    const lastAttempt = attemptsOf(tried?.log).at(-1);
    return {
      id,
      disabledAt: new Date(Number(at)).toISOString(),
      ...(lastAttempt && { attempts: tried?.tries ?? 0, lastAttempt }),
    };
  }

  async delete(context: CallContext, taskId: string, configId: string): Promise<boolean> {
    return (await this.connection.run<number>(DELETE_CONFIG, taskId, scopeKey(context), configId)) === 1;
  }

  async countOf(owner: string): Promise<number> {
    return Math.max(0, await this.connection.run<number>(COUNT_CONFIGS, owner));
  }

  async disable(taskId: string, configId: string, reason: string): Promise<void> {
    await this.connection.run(DISABLE_CONFIG, taskId, configId, reason.toWellFormed());
  }

  /** Those of callers. A task has few configs. No two have the same time. */
  async #all(context: CallContext, taskId: string): Promise<PlacedPushConfig[] | undefined> {
    const found = await this.connection.run<[string, string][] | null>(CONFIGS, taskId, scopeKey(context));
    return found
      ?.map(([time, text]) => ({
        config: JSON.parse(text) as PushConfig,
        createdAt: new Date(Number(time)).toISOString(),
      }))
      .filter(({ config }) => !isHandlerId(config.id));
  }
}
