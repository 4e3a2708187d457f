import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FollowedTasks } from './followed-tasks.js';
import { WebhookController } from './webhook.controller.js';
import { WEBHOOK_TOKEN } from './webhook.guard.js';

/** An application that receives notifications at `/webhook`. */
export async function createReceiver(token: string): Promise<NestExpressApplication> {
  @Module({
    controllers: [WebhookController],
    providers: [FollowedTasks, { provide: WEBHOOK_TOKEN, useValue: token }],
  })
  class ReceiverModule {}

  const app = await NestFactory.create<NestExpressApplication>(ReceiverModule, { bodyParser: false });
  // Nest's parser leaves out what is not application/json.
  app.useBodyParser('json', { type: ['application/json', 'application/a2a+json'], limit: '10mb' });
  return app;
}
