import { type CanActivate, type ExecutionContext, Inject, Injectable, UnauthorizedException } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What this receiver gave as `token` when it asked for notifications. */
export const WEBHOOK_TOKEN = Symbol('WebhookToken');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets in only who knows the token: anybody can find the address. */
@Injectable()
export class WebhookGuard implements CanActivate {
  readonly #expected: Buffer;

  constructor(@Inject(WEBHOOK_TOKEN) token: string) {
    this.#expected = digest(token);
  }

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: IncomingHttpHeaders }>();
    const sent = headers['x-a2a-notification-token'];
    // Takes the same time whatever is wrong, so that nobody can guess it letter by letter.
    if (typeof sent === 'string' && timingSafeEqual(digest(sent), this.#expected)) return true;
    throw new UnauthorizedException('The token is wrong.');
  }
}
