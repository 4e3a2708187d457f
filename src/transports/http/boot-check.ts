import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { NOT_CONFIGURED } from './configure-a2a.js';
import { configuredApp } from './configured-apps.js';

/** Fails a boot that would serve the routes of A2A without `configureA2a`. Applications without HTTP are left alone. */
@Injectable()
export class BootCheck implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    const type = adapter?.getType?.();
    if ((type === 'express' || type === 'fastify') && configuredApp(adapter) === undefined)
      throw new Error(NOT_CONFIGURED);
  }
}
