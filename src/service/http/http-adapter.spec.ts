import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Server } from 'node:http';
import { ADAPTERS } from '../../../test/support/test-app.js';
import { httpAdapter } from './http-adapter.js';

@Controller('agents/one')
class OneController {
  @Post()
  one(): object {
    return { one: true };
  }

  @Post('tasks/:id')
  id(@Param('id') id: string): object {
    return { length: id.length };
  }
}

@Module({ controllers: [OneController] })
class OneModule {}

describe.each(ADAPTERS)('the HTTP server of the service on %s', (name) => {
  let app: INestApplication;
  afterEach(() => app.close());

  it('cuts uploads that never end, takes a slash at the end, takes long ids, and does not say what it is made of', async () => {
    app = await NestFactory.create<INestApplication>(OneModule, await httpAdapter(name), { logger: false });
    await app.listen(0, '127.0.0.1');
    const server = app.getHttpServer() as Server;
    expect(server.requestTimeout).toBe(300_000);
    expect(server.headersTimeout).toBe(60_000);
    for (const path of ['/agents/one', '/agents/one/']) {
      const answer = await fetch((await app.getUrl()) + path, { method: 'POST' });
      expect([path, answer.status]).toEqual([path, 201]);
      expect(answer.headers.get('x-powered-by')).toBeNull();
    }
    for (const id of ['x'.repeat(512), '%C3%A9'.repeat(256), `${'%C3%A9'.repeat(256)}:subscribe`]) {
      const answer = await fetch(`${await app.getUrl()}/agents/one/tasks/${id}`, { method: 'POST' });
      expect(await answer.json()).toEqual({ length: decodeURIComponent(id).length });
    }
  });
});
