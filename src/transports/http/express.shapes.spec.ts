import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { INestApplication } from '@nestjs/common';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { setA2aPrincipal } from '../../security/principal.js';
import { shareExpressShapes } from './express.shapes.js';

setFlagsFromString('--allow-natives-syntax');
const haveSameShape = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (a: object, b: object) => boolean;

describe('shareExpressShapes', () => {
  let app: INestApplication;
  afterEach(() => app.close());

  const exchanges: { request: IncomingMessage; response: ServerResponse }[] = [];

  @Controller('own')
  class OwnController {
    @Post(':id')
    async post(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
      setA2aPrincipal(request, { owner: 'alice' });
      await once(request.resume(), 'end');
      response.writeHead(200).end('taken');
      exchanges.push({ request, response });
    }

    @Get()
    get(): object {
      return { got: true };
    }
  }
  @Module({ controllers: [OwnController] })
  class OwnModule {}

  const start = async (): Promise<string> => {
    exchanges.length = 0;
    app = await NestFactory.create<INestApplication>(OwnModule, new ExpressAdapter(), {
      logger: false,
      bodyParser: false,
    });
    shareExpressShapes(app.getHttpServer() as Server);
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  };

  it('lets the requests of Express share a hidden class, and its responses', async () => {
    const url = await start();
    for (let n = 0; n < 10; n++) await fetch(`${url}/own/${n}`, { method: 'POST', body: 'x' });
    // The first ones teach the name of the router's field, and the engine what the fields hold.
    const [one, another] = exchanges.slice(-2);
    expect(haveSameShape(one!.request, another!.request)).toBe(true);
    expect(haveSameShape(one!.response, another!.response)).toBe(true);
  });

  it('changes nothing of what Express does', async () => {
    const url = await start();
    expect(await (await fetch(`${url}/own/1`, { method: 'POST', body: 'x' })).text()).toBe('taken');
    expect(await (await fetch(`${url}/own?a=1`)).json()).toEqual({ got: true });
    const missing = await fetch(`${url}/none`);
    expect([missing.status, await missing.json()]).toEqual([404, expect.objectContaining({ statusCode: 404 })]);
    expect(exchanges[0]?.request).toMatchObject({ params: { id: '1' }, originalUrl: '/own/1' });
  });
});
