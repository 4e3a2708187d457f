import { attemptsOf } from '../admin/delivery-attempt.js';
import type { TaskRef } from '../core/task-rows.interface.js';
import type { DecideWebhooks, WebhookPatch, WebhookRow } from '../core/webhook-rules.js';
import type { ConfiguredWebhook, TriedDelivery, WebhookRows } from '../core/webhook-rows.interface.js';
import type { PushConfig } from '../push-config-store.interface.js';
import { deadNotesOf } from './dead-note.js';
import type { RedisConnection } from './redis-connection.js';
import { COUNT_CONFIGS, PATCH_CONFIGS, READ_CONFIGS } from './scripts/push-config.scripts.js';
import { scopeKey } from './task-row.js';
import { untilApplied } from './until-applied.js';

type ReadReply = [facts: string, configs: string[], now: string];

/** Webhooks in Redis, which has no locks: a patch is applied only if the webhooks that it was decided on have not changed. */
export class RedisWebhookRows implements WebhookRows {
  constructor(private readonly connection: RedisConnection) {}

  async read(task: TaskRef): Promise<readonly ConfiguredWebhook[] | undefined> {
    const read = await this.#read(task);
    const configOf = (index: number): PushConfig => JSON.parse(read?.[1][index] ?? '') as PushConfig;
    return read ? webhooksIn(read[0]).map((row, index) => ({ ...row, config: configOf(index) })) : undefined;
  }

  async change<T>(task: TaskRef, decide: DecideWebhooks<T>): Promise<T> {
    const { result } = await untilApplied(async () => {
      const read = await this.#read(task);
      const { patch, result } = decide(read ? webhooksIn(read[0]) : undefined, Number(read?.[2]));
      if (!read || !patch) return { result };
      const values = [...valuesOf(task), read[0], encodePatch(patch)];
      return (await this.connection.run(PATCH_CONFIGS, ...values)) ? { result } : undefined;
    });
    return result;
  }

  #read(task: TaskRef): Promise<ReadReply | null> {
    return this.connection.run<ReadReply | null>(READ_CONFIGS, ...valuesOf(task));
  }

  async lastTried(taskId: string, configId: string): Promise<TriedDelivery | undefined> {
    const tried = (await deadNotesOf(this.connection, taskId)).findLast(
      ({ config, log }) => config === configId && log,
    );
    return tried && { attempts: tried.tries ?? 0, attemptLog: attemptsOf(tried.log) };
  }

  async countOf(owner: string): Promise<number> {
    return Math.max(0, await this.connection.run<number>(COUNT_CONFIGS, owner));
  }
}

const valuesOf = ({ taskId, scope }: TaskRef): string[] => [taskId, scope ? scopeKey(scope) : ''];

/** The webhooks in a text that a script made of them. */
export function webhooksIn(facts: string): WebhookRow[] {
  // Lua has one kind of empty table.
  const rows = facts === '{}' ? [] : (JSON.parse(facts) as [id: string, createdAt: string, disabledAt: string][]);
  return rows.map(([id, createdAt, disabledAt]) => ({
    ...{ id, createdAt: Number(createdAt) },
    ...(disabledAt !== '' && { disabledAt: Number(disabledAt) }),
  }));
}

/** A patch as scripts take it. */
export function encodePatch({ deleted, stored, disabled }: WebhookPatch): string {
  const text = stored && JSON.stringify(stored.config);
  return JSON.stringify({
    deleted,
    ...(stored && { stored: { id: stored.config.id, at: String(stored.createdAt), text } }),
    ...(disabled && { disabled: { id: disabled.id, reason: disabled.reason.toWellFormed() } }),
  });
}
