import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { A2aWebhookModule } from '../../src/client/index.js';
import { FollowedTasks } from './followed-tasks.js';
import { WebhookController } from './webhook.controller.js';

/** An application that receives notifications at `/webhook`. */
export async function createReceiver(token: string): Promise<NestExpressApplication> {
  @Module({
    imports: [A2aWebhookModule.forRoot({ token })],
    controllers: [WebhookController],
    providers: [FollowedTasks],
  })
  class ReceiverModule {}

  return NestFactory.create<NestExpressApplication>(ReceiverModule);
}
