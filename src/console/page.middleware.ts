import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PlatformRequest } from '../transports/http/platform.js';
import { ConsolePages, pathOf } from './console-pages.js';

/** Answers the address of the page with its slash: Fastify has no route for that, unless it is told to ignore the slash. */
@Injectable()
export class PageMiddleware implements NestMiddleware<IncomingMessage, ServerResponse> {
  constructor(private readonly pages: ConsolePages) {}

  use(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void {
    const sent = request as unknown as PlatformRequest;
    if (!pathOf(sent).pathname.endsWith('/')) return next();
    this.pages.answer(sent, response, '').catch(next);
  }
}
