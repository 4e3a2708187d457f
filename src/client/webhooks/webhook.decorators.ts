import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  Post,
  SetMetadata,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { received } from './received-webhooks.js';
import { WebhookGuard } from './webhook.guard.js';
import { WebhookInterceptor } from './webhook.interceptor.js';
import { IS_WEBHOOK } from './webhook.routes.js';

/**
 * Makes a method of a controller the receiver of a webhook: a `POST` route that checks the token, reads the body in either version of the
 * protocol, and leaves out what was handled before. The sender gets HTTP 204 when the method has returned, and tries again when it throws.
 * Import `A2aWebhookModule.forRoot({ token })`.
 *
 * @param path below the path of the controller. Default: none.
 */
export const A2aWebhook = (path: string | string[] = '/'): MethodDecorator =>
  applyDecorators(
    SetMetadata(IS_WEBHOOK, true),
    Post(path),
    HttpCode(204),
    UseGuards(WebhookGuard),
    UseInterceptors(WebhookInterceptor),
  );

/** The notification, as a parameter of the method: `received(@A2aNotification() notification: WebhookNotification)`. */
export const A2aNotification = createParamDecorator((_: unknown, context: ExecutionContext) =>
  received(context.switchToHttp().getRequest<object>()),
);
