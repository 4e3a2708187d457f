import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Module, Post, type RawBodyRequest, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ADAPTERS, newAdapter, startTransportApp, type TransportApp } from '../../../test/support/transport-app.js';
import { LIMITS_DEFAULTS, LIMITS_OPTIONS } from '../../common/limits.options.js';
import { BootCheck } from './boot.checks.js';
import { configureA2a } from './configure-a2a.js';

describe.each(ADAPTERS)('configureA2a on %s', (adapter) => {
  let running: TransportApp | undefined;

  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  it('fails a boot that forgot it, saying how to do it', async () => {
    await expect(startTransportApp(adapter, { handler: {}, configured: false })).rejects.toThrow(
      /not configured[\s\S]*bodyParser: false[\s\S]*configureA2a\(app\)/,
    );
  });

  it('refuses an application that parses bodies itself', async () => {
    await expect(startTransportApp(adapter, { handler: {}, bodyParser: true })).rejects.toThrow(/bodyParser: false/);
  });

  it('may be called twice', async () => {
    running = await startTransportApp(adapter, { handler: {}, configure: (app) => void configureA2a(app) });
    expect((await fetch(`${running.url}/.well-known/agent-card.json`)).status).toBe(200);
  });

  it('leaves contexts without HTTP alone', async () => {
    @Module({ providers: [BootCheck] })
    class WorkerModule {}
    const context = await NestFactory.createApplicationContext(WorkerModule, { logger: false, abortOnError: false });
    await context.close();
  });

  it('gives other paths what Nest gives: types, limits and errors', async () => {
    @Controller('own')
    class OwnController {
      @Post()
      echo(@Body() body: unknown, @Req() request: RawBodyRequest<object>): unknown {
        return { body: body ?? null, raw: request.rawBody?.toString() ?? null };
      }
    }
    running = await startTransportApp(adapter, { handler: {}, metadata: { controllers: [OwnController] } });
    const post = async (body: string, type: string) => {
      const response = await fetch(`${running!.url}/own`, { method: 'POST', body, headers: { 'content-type': type } });
      return { status: response.status, json: (await response.json()) as object };
    };
    expect(await post('{"a":1}', 'application/json; charset=utf-8')).toEqual({
      status: 201,
      json: { body: { a: 1 }, raw: null },
    });
    expect((await post('a=1', 'application/x-www-form-urlencoded')).json).toMatchObject({ body: { a: '1' } });
    expect((await post('{', 'application/json')).status).toBe(400);
    expect((await post(JSON.stringify('x'.repeat(2_000_000)), 'application/json')).status).toBe(413);
    expect((await post('<a/>', 'application/xml')).status).toBe(adapter === 'express' ? 201 : 415);
  });

  it('keeps rawBody for other paths', async () => {
    @Controller('hook')
    class HookController {
      @Post()
      hook(@Req() request: RawBodyRequest<object>): unknown {
        return { raw: request.rawBody?.toString() };
      }
    }
    const { HTTP_TRANSPORT_OPTIONS, httpTransportOptions } = await import('./http-transport.options.js');
    @Module({
      controllers: [HookController],
      providers: [
        { provide: HTTP_TRANSPORT_OPTIONS, useValue: httpTransportOptions() },
        { provide: LIMITS_OPTIONS, useValue: LIMITS_DEFAULTS },
      ],
    })
    class HookModule {}
    const app = await NestFactory.create(HookModule, newAdapter(adapter), {
      bodyParser: false,
      rawBody: true,
      logger: false,
    });
    await configureA2a(app).listen(0, '127.0.0.1');
    const response = await fetch(`${await app.getUrl()}/hook`, {
      method: 'POST',
      body: '{"a": 1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await response.json()).toEqual({ raw: '{"a": 1}' });
    await app.close();
  });
});
