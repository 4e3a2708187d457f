// An application that serves nothing but its documentation, on a free port. Arguments: the module of setupOpenApi, the
// adapter. Writes {url} as JSON when it listens. Apart from jest, where CommonJS packages cannot require ES modules.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const [module, adapter] = process.argv.slice(2);
const { setupOpenApi } = await import(module);

class Empty {}
const options = { module: Empty };
const app = await NestFactory.create(options, ...(adapter === 'fastify' ? [new FastifyAdapter()] : []), {
  logger: ['error', 'warn'],
});
await setupOpenApi(app, { version: '1.2.3', agents: ['lab'] });
await app.listen(0, '127.0.0.1');
process.stdout.write(`${JSON.stringify({ url: await app.getUrl() })}\n`);
