import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, type INestApplication, Module, Post, type RawBodyRequest, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import express from 'express';
import type { Server } from 'node:http';
import { agentOf } from '../../../test/support/agent-of.js';
import { ADAPTERS, newAdapter, startTransportApp, type TransportApp } from '../../../test/support/transport-app.js';
import { A2aModule } from '../../a2a.module.js';
import { configureA2a } from './configure-a2a.js';

@Controller('own')
class OwnController {
  @Post()
  echo(@Body() body: unknown, @Req() request: RawBodyRequest<object>): unknown {
    return { body: body ?? null, raw: request.rawBody?.toString() ?? null };
  }
}

const metadata = { controllers: [OwnController] };
/** More than the 100 kB that body-parser takes, and the 1 MiB of Fastify. */
const LARGE = JSON.stringify({ text: 'x'.repeat(2_000_000) });

describe.each(ADAPTERS)('an application with A2A on %s', (adapter) => {
  let running: TransportApp | undefined;
  const start = async (given: Partial<Parameters<typeof startTransportApp>[1]> = {}): Promise<void> => {
    running = await startTransportApp(adapter, { handler: {}, metadata, ...given });
  };
  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  const post = async (path: string, body: string, type?: string) => {
    const headers = type === undefined ? undefined : { 'content-type': type };
    const response = await fetch(running!.url + path, { method: 'POST', body: Buffer.from(body), headers });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  /** Our endpoint read the body itself: its own errors, and its own limit. */
  const ourErrors = async () => {
    expect((await post('/', '{', 'application/json')).json).toMatchObject({ error: { code: -32700 } });
    expect((await post('/', LARGE, 'application/json')).json).toMatchObject({ jsonrpc: '2.0' });
    expect((await post('/', '{}', 'text/plain')).json).toMatchObject({ error: { code: -32005 } });
    expect((await post('/', '{}')).json).toMatchObject({ error: { code: -32005 } });
    expect((await post('/message:send', '{}', 'not a type;;')).json).toHaveProperty('error.details');
  };

  it('reads the bodies of its own routes, with nothing said in main.ts', async () => {
    await start();
    await ourErrors();
  });

  it('gives other paths what Nest gives: types, limits and errors', async () => {
    await start();
    expect(await post('/own', '{"a":1}', 'application/json; charset=utf-8')).toEqual({
      status: 201,
      json: { body: { a: 1 }, raw: null },
    });
    expect((await post('/own', 'a=1', 'application/x-www-form-urlencoded')).json).toMatchObject({ body: { a: '1' } });
    expect((await post('/own', '{', 'application/json')).status).toBe(400);
    expect((await post('/own', LARGE, 'application/json')).status).toBe(413);
    expect((await post('/own', '<a/>', 'application/xml')).status).toBe(adapter === 'express' ? 201 : 415);
  });

  it('keeps rawBody for other paths', async () => {
    await start({ appOptions: { rawBody: true } });
    expect((await post('/own', '{"a": 1}', 'application/json')).json).toEqual({ body: { a: 1 }, raw: '{"a": 1}' });
    await ourErrors();
  });

  it('leaves app.useBodyParser() to other paths', async () => {
    await start({
      configure: (app) => {
        if (adapter === 'express') (app as NestExpressApplication).useBodyParser('json', { limit: '3mb' });
        else (app as unknown as FastifyBodyParsers).useBodyParser('application/json', { bodyLimit: 3_000_000 });
      },
    });
    expect((await post('/own', LARGE, 'application/json')).status).toBe(201);
    await ourErrors();
  });

  it('parses other paths for an application that still calls configureA2a', async () => {
    await start({ appOptions: { bodyParser: false }, configure: (app) => void configureA2a(configureA2a(app)) });
    expect((await post('/own', '{"a":1}', 'application/json')).json).toMatchObject({ body: { a: 1 } });
    await ourErrors();
  });

  it('works in a TestingModule, which gets its adapter late', async () => {
    const module = await Test.createTestingModule({
      imports: [A2aModule.forRoot({ path: '' })],
      providers: [agentOf(async () => undefined)],
      ...metadata,
    }).compile();
    const app = module.createNestApplication<INestApplication>(newAdapter(adapter), { logger: false });
    await app.listen(0, '127.0.0.1');
    running = { app, url: await app.getUrl(), server: app.getHttpServer() as Server } as TransportApp;
    expect((await post('/own', '{"a":1}', 'application/json')).json).toMatchObject({ body: { a: 1 } });
    await ourErrors();
  });
});

interface FastifyBodyParsers {
  useBodyParser(type: string, options: { bodyLimit: number }): void;
}

it('leaves parsers of app.use() on Express to other paths', async () => {
  const running = await startTransportApp('express', {
    handler: {},
    metadata,
    appOptions: { bodyParser: false },
    configure: (app) => void app.use(express.json({ limit: '3mb' })),
  });
  const post = (path: string, body: string) =>
    fetch(running.url + path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  expect((await post('/own', LARGE)).status).toBe(201);
  expect(await (await post('/', '{')).json()).toMatchObject({ error: { code: -32700 } });
  await running.app.close();
});

it('configureA2a names what is missing in an application without the module', async () => {
  @Module(metadata)
  class OwnModule {}
  const app = await NestFactory.create(OwnModule, { logger: false });
  expect(() => configureA2a(app)).toThrow('A2aModule.forRoot()');
  await app.close();
});

it('leaves contexts without HTTP alone', async () => {
  @Module({ imports: [A2aModule.forRoot()] })
  class WorkerModule {}
  const context = await NestFactory.createApplicationContext(WorkerModule, { logger: false, abortOnError: false });
  await context.close();
});
