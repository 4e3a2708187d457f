import type { DynamicModule, INestApplication, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { httpAdapter } from './http-adapter.js';
import type { HttpsListener } from './https-listener.js';

/** An application on an HTTP server of the service, which has TLS if `tls` is given. */
export async function serviceApplication(
  module: DynamicModule,
  adapter: 'express' | 'fastify',
  tls: HttpsListener | undefined,
  options: NestApplicationOptions = {},
): Promise<INestApplication> {
  const https = tls?.options;
  const app = await NestFactory.create<INestApplication>(module, await httpAdapter(adapter, https), {
    ...options,
    abortOnError: false,
    // Nest's type has fewer options than Node, and passes all of them on.
    ...(https && { httpsOptions: https as NestApplicationOptions['httpsOptions'] }),
  });
  tls?.follow(app.getHttpServer() as object);
  return app;
}
