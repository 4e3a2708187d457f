import { Delete, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { printable } from '../../protocol/errors/index.js';
import { isTaskId } from '../../tasks/row-ids.js';
import type { AdminDeliveryRow, AdminList, AdminWebhookRow } from '../admin-api.types.js';
import { AdminParts } from '../admin-parts.js';
import { AdminController } from '../http/admin-controller.decorator.js';
import { Described } from '../http/described.decorator.js';
import { DeliveriesQuery, WebhooksQuery } from '../queries/queries.js';
import type * as Queries from '../queries/queries.js';
import { QueryPipe } from '../queries/query.pipe.js';

/** What the dead letters of a webhook say that an operator disabled. */
const REASON = 'An operator disabled the webhook.';

/** Webhooks and what is owed to them. */
@AdminController()
export class WebhooksController {
  constructor(private readonly parts: AdminParts) {}

  @Get('webhooks')
  @Described({ summary: 'Webhooks, newest first', query: WebhooksQuery, answer: 'AdminWebhookList' })
  webhooks(
    @Query(new QueryPipe(WebhooksQuery)) { limit, cursor, ...filter }: Queries.WebhooksQuery,
  ): Promise<AdminList<AdminWebhookRow>> {
    return this.parts.store.webhooks(filter, { limit, cursor });
  }

  @Post('webhooks/:taskId/:configId/disable')
  @HttpCode(204)
  @Described({
    summary: 'Disables a webhook; what is owed to it becomes dead letters',
    action: 'disable-webhook',
    errors: [404],
  })
  async disable(@Param('taskId') taskId: string, @Param('configId') configId: string): Promise<void> {
    if (!(await this.#has(taskId, configId))) {
      throw new NotFoundException(`Task ${printable(taskId)} has no webhook ${printable(configId)}.`);
    }
    await this.parts.pushConfigs.disable(taskId, configId, REASON);
  }

  @Get('deliveries')
  @Described({
    summary: 'Notifications that are owed, and dead letters, newest first',
    query: DeliveriesQuery,
    answer: 'AdminDeliveryList',
  })
  deliveries(
    @Query(new QueryPipe(DeliveriesQuery)) { limit, cursor, ...filter }: Queries.DeliveriesQuery,
  ): Promise<AdminList<AdminDeliveryRow>> {
    return this.parts.store.deliveries(filter, { limit, cursor });
  }

  @Post('deliveries/:id/redrive')
  @HttpCode(204)
  @Described({
    summary: 'Makes a dead letter due again, and enables its webhook',
    action: 'redrive-delivery',
    errors: [404],
  })
  async redrive(@Param('id') id: string): Promise<void> {
    if (!usable(id) || !(await this.parts.store.redrive(id))) throw noDeadLetter(id);
  }

  @Delete('deliveries/:id')
  @HttpCode(204)
  @Described({ summary: 'Deletes a dead letter', action: 'drop-delivery', errors: [404] })
  async drop(@Param('id') id: string): Promise<void> {
    if (!usable(id) || !(await this.parts.store.drop(id))) throw noDeadLetter(id);
  }

  async #has(taskId: string, configId: string): Promise<boolean> {
    if (!isTaskId(taskId)) return false;
    let cursor: string | undefined;
    do {
      const page = await this.parts.store.webhooks({ taskId }, { limit: 200, cursor });
      if (page.rows.some((row) => row.configId === configId)) return true;
      cursor = page.next;
    } while (cursor !== undefined);
    return false;
  }
}

/** Whether a storage may be asked for it. */
const usable = (id: string): boolean => id.length <= 512 && id.isWellFormed() && !id.includes('\0');

const noDeadLetter = (id: string): NotFoundException =>
  new NotFoundException(`There is no dead letter ${printable(id)}.`);
