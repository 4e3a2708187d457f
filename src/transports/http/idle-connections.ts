import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';

const EVERY_MS = 100;

/**
 * Closes connections that become idle while the server closes. Node closes those that are idle when it begins to: one whose answer
 * ends later, as that of a stream may, would be waited for until its client gives it up.
 */
@Injectable()
export class IdleConnections implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  /** The server is closed behind this. */
  beforeApplicationShutdown(): void {
    const server = (this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined)?.getHttpServer() as
      Partial<Server> | undefined;
    if (!server?.listening || server.closeIdleConnections === undefined) return;
    const timer = setInterval(() => server.closeIdleConnections?.(), EVERY_MS).unref();
    server.once?.('close', () => clearInterval(timer));
  }
}
