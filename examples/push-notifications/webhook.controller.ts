import { Controller, Get, Header, Query } from '@nestjs/common';
import { A2aNotification, A2aWebhook, type WebhookNotification } from '../../src/client/index.js';
import { FollowedTasks } from './followed-tasks.js';

@Controller('webhook')
export class WebhookController {
  constructor(private readonly tasks: FollowedTasks) {}

  /** A server that asks whether this wants to be a webhook gets its challenge back, as plain text. */
  @Get()
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  echo(@Query('validationToken') token: unknown): string {
    return typeof token === 'string' ? token : '';
  }

  /** Returns as soon as the notification is taken: what takes longer is for later, or it is sent again. */
  @A2aWebhook()
  receive(@A2aNotification() notification: WebhookNotification): void {
    this.tasks.take(notification);
  }
}
