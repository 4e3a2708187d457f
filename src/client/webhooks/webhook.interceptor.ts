import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  ServiceUnavailableException,
} from '@nestjs/common';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { received } from './received-webhooks.js';
import { type CheckedWebhookOptions, WEBHOOK_OPTIONS } from './webhook.options.js';

/** Calls the handler once for each notification. Those without an id are all new. */
@Injectable()
export class WebhookInterceptor implements NestInterceptor {
  constructor(@Inject(WEBHOOK_OPTIONS) private readonly options: CheckedWebhookOptions) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { deduplication } = this.options;
    const { id } = received(context.switchToHttp().getRequest<object>());
    if (!deduplication || id === undefined) return next.handle();
    // A task may have several webhooks in one application.
    const key = `${context.getClass().name}.${context.getHandler().name} ${id}`;
    const state = await deduplication.begin(key);
    if (state === 'busy') {
      throw new ServiceUnavailableException('This notification is being handled. Send it again later.');
    }
    if (state === 'handled') return of(undefined);
    let handled = false;
    try {
      await lastValueFrom(next.handle(), { defaultValue: undefined });
      handled = true;
    } finally {
      await deduplication.end(key, handled);
    }
    return of(undefined);
  }
}
