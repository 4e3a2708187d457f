import type { CallContext, TaskScope } from '../../security/call-context.js';
import { pushConfigPage, pushConfigPosition } from '../push-config-page.js';
import type {
  DisabledPushConfig,
  PushConfig,
  PushConfigPage,
  PushConfigPageQuery,
  PushNotificationConfigStore,
  PutPushConfigResult,
} from '../push-config-store.interface.js';
import type { TaskRef } from './task-rows.interface.js';
import type { ConfiguredWebhook, WebhookRows } from './webhook-rows.interface.js';
import * as rules from './webhook-rules.js';

/** The webhooks of tasks, by the rules, on the rows of any storage. */
export class TaskPushConfigStore implements PushNotificationConfigStore {
  constructor(private readonly rows: WebhookRows) {}

  put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult> {
    return this.rows.change(scoped(context, taskId), rules.put(config, limit));
  }

  async get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined> {
    return (await this.#shown(context, taskId))?.find(({ id }) => id === configId)?.config;
  }

  async list(
    context: CallContext,
    taskId: string,
    query: PushConfigPageQuery = {},
  ): Promise<PushConfigPage | undefined> {
    const after = pushConfigPosition(query, context, taskId);
    const placed = (await this.#shown(context, taskId))
      ?.map(({ config, createdAt }) => ({ config, createdAt: new Date(createdAt).toISOString() }))
      .filter(({ createdAt }) => !after || createdAt > after.time);
    return placed && pushConfigPage(placed, query, context, taskId);
  }

  async disabled(context: CallContext, taskId: string, configId?: string): Promise<DisabledPushConfig | undefined> {
    const webhooks = await this.rows.read(scoped(context, taskId));
    const found = webhooks && rules.latestDisabled(webhooks, configId);
    if (found?.disabledAt === undefined) return undefined;
    const tried = await this.rows.lastTried(taskId, found.id);
    const lastAttempt = tried?.attemptLog.at(-1);
    return {
      id: found.id,
      disabledAt: new Date(found.disabledAt).toISOString(),
      ...(tried && lastAttempt && { attempts: tried.attempts, lastAttempt }),
    };
  }

  delete(context: CallContext, taskId: string, configId: string): Promise<boolean> {
    return this.rows.change(scoped(context, taskId), rules.remove(configId));
  }

  countOf(owner: string, limit: number): Promise<number> {
    return this.rows.countOf(owner, limit);
  }

  disable(taskId: string, configId: string, reason: string): Promise<void> {
    return this.rows.change({ taskId }, rules.disable(configId, reason));
  }

  async #shown(context: CallContext, taskId: string): Promise<ConfiguredWebhook[] | undefined> {
    const webhooks = await this.rows.read(scoped(context, taskId));
    return webhooks && rules.shownWebhooks(webhooks);
  }
}

const scoped = (scope: TaskScope, taskId: string): TaskRef => ({ taskId, scope });
