// The least that a server can do with the same request: reads the JSON and answers with it. The kind is its one argument.
import http from 'node:http';
import process from 'node:process';
import { HttpCode, Module, Post } from '@nestjs/common';
import { Body, Controller } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import 'reflect-metadata';

const kind = process.argv[2];

class EchoController {
  echo(body) {
    return body;
  }
}
Controller('agents/lab')(EchoController);
const method = Object.getOwnPropertyDescriptor(EchoController.prototype, 'echo');
Post()(EchoController.prototype, 'echo', method);
HttpCode(200)(EchoController.prototype, 'echo', method);
Body()(EchoController.prototype, 'echo', 0);
Reflect.defineMetadata('design:paramtypes', [Object], EchoController.prototype, 'echo');

class BareModule {}
Module({ controllers: [EchoController] })(BareModule);

async function nest(adapter) {
  const app = await NestFactory.create(BareModule, adapter, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

async function node() {
  const server = http.createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const answer = JSON.stringify(JSON.parse(pieces.join('')));
    response.setHeader('content-type', 'application/json').end(answer);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

const starts = {
  node,
  express: async () => nest(new (await import('@nestjs/platform-express')).ExpressAdapter()),
  fastify: async () => nest(new (await import('@nestjs/platform-fastify')).FastifyAdapter()),
};
console.log(`Listening on ${await starts[kind]()}`);
process.on('SIGTERM', () => process.exit(0));
