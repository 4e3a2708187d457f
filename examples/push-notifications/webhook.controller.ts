import { Body, Controller, Get, Header, Headers, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import type { StreamResponse } from '../../src/index.js';
import { FollowedTasks } from './followed-tasks.js';
import { WebhookGuard } from './webhook.guard.js';

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

  /** Answers as soon as the notification is taken: what takes longer is for later, or it is sent again. */
  @Post()
  @UseGuards(WebhookGuard)
  @HttpCode(204)
  receive(@Headers('x-a2a-notification-id') id: string, @Body() event: StreamResponse): void {
    this.tasks.take(id, event);
  }
}
