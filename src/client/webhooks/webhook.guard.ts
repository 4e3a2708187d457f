import {
  BadRequestException,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  InternalServerErrorException,
  UnauthorizedException,
} from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { A2AClientJSONError } from '../errors/client.errors.js';
import { keep } from './received-webhooks.js';
import { isJson } from './webhook-bodies.js';
import { notificationIn } from './webhook.notification.js';
import { type CheckedWebhookOptions, WEBHOOK_OPTIONS } from './webhook.options.js';
import { isSigned } from './webhook-signature.js';
import { tokenCheck } from './webhook-token.js';

interface WebhookHttpRequest {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  readonly originalUrl?: string;
  readonly body: unknown;
}

/** Lets in who knows the token, or signs with it, and passes `verify`; reads the body: 401, or 400 if it is no notification. */
@Injectable()
export class WebhookGuard implements CanActivate {
  readonly #knowsToken: (sent: unknown) => boolean;

  constructor(@Inject(WEBHOOK_OPTIONS) private readonly options: CheckedWebhookOptions) {
    this.#knowsToken = tokenCheck(options.tokens?.plain ?? []);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<WebhookHttpRequest>();
    const { headers, url, originalUrl = url } = request;
    const { tokens, verify } = this.options;
    if (tokens && !this.#knowsToken(headers['x-a2a-notification-token'])) {
      const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signed = isSigned({ headers, url: originalUrl, body: sent }, tokens.keys);
      if (!signed) throw new UnauthorizedException('The token or the signature is wrong.');
    }
    const body = bodyOf(request);
    if (verify && !(await verify({ headers, url: originalUrl, body }))) {
      throw new UnauthorizedException('The notification could not be verified.');
    }
    const id = headers['x-a2a-notification-id'] ?? headers['webhook-id'];
    keep(request, decoded(body, typeof id === 'string' && id !== '' ? id : undefined));
    return true;
  }
}

function bodyOf({ headers, body }: WebhookHttpRequest): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body === undefined || !isJson(headers['content-type'])) {
    throw new BadRequestException('The body must be JSON, as application/a2a+json or application/json.');
  }
  throw new InternalServerErrorException('Another parser has read the body of a webhook before A2aWebhookModule.');
}

function decoded(body: Buffer, id: string | undefined) {
  try {
    return notificationIn(body.toString(), id);
  } catch (error) {
    if (error instanceof SyntaxError) throw new BadRequestException('The body is no JSON.');
    if (!(error instanceof A2AClientJSONError)) throw error;
    throw new BadRequestException(error.message.replace(/^The agent's answer/, 'The notification'));
  }
}
