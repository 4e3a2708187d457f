import { Body, Controller, Headers, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { StreamResponse } from '../../src/index.js';
import { FollowedTasks } from './followed-tasks.js';
import { WebhookGuard } from './webhook.guard.js';

@Controller('webhook')
@UseGuards(WebhookGuard)
export class WebhookController {
  constructor(private readonly tasks: FollowedTasks) {}

  /** Answers as soon as the notification is taken: what takes longer is for later, or it is sent again. */
  @Post()
  @HttpCode(204)
  receive(@Headers('x-a2a-notification-id') id: string, @Body() event: StreamResponse): void {
    this.tasks.take(id, event);
  }
}
