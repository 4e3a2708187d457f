import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { until } from '../../testing/contracts/until.js';
import { DrainState } from '../shutdown/drain-state.js';
import { HealthModule } from './health.module.js';
import { CHECK_LIMIT_MS, ReadinessService } from './readiness.service.js';

describe.each([
  ['express', () => new ExpressAdapter()],
  ['fastify', () => new FastifyAdapter()],
])('health over %s', (_, adapter) => {
  let app: INestApplication;
  let database: () => Promise<unknown>;

  async function boot(): Promise<void> {
    const useFactory = () => [{ name: 'database', check: () => database() }];
    const module = await Test.createTestingModule({ imports: [HealthModule.register({ useFactory })] }).compile();
    app = module.createNestApplication(adapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
  }

  async function get(path: string): Promise<{ status: number; cache: string | null; body: unknown }> {
    const response = await fetch(`${await app.getUrl()}${path}`);
    return { status: response.status, cache: response.headers.get('cache-control'), body: await response.json() };
  }

  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  it('is live, and ready while the database answers', async () => {
    database = () => Promise.resolve();
    await boot();
    expect(await get('/health/live')).toEqual({ status: 200, cache: 'no-store', body: { status: 'ok' } });
    expect(await get('/health/ready')).toEqual({
      status: 200,
      cache: 'no-store',
      body: { status: 'ok', checks: { database: 'ok' } },
    });
  });

  it('is live but not ready while the database fails, and says why in the log only, once', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    database = () => Promise.reject(new Error('password of admin refused'));
    await boot();
    const unready = {
      status: 503,
      cache: 'no-store',
      body: { status: 'unavailable', checks: { database: 'failing' } },
    };
    expect(await get('/health/ready')).toEqual(unready);
    expect(await get('/health/ready')).toEqual(unready);
    expect(error.mock.calls).toEqual([['database fails: Error: password of admin refused']]);
    expect((await get('/health/live')).status).toBe(200);
    database = () => Promise.resolve();
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('takes a check that does not return for failed', async () => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    database = () => new Promise(() => undefined);
    await boot();
    const begun = Date.now();
    expect((await get('/health/ready')).status).toBe(503);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(CHECK_LIMIT_MS - 50);
  });

  it('asks the database once for callers that come together', async () => {
    let asked = 0;
    let answer = (): void => undefined;
    database = () => {
      asked += 1;
      return new Promise<void>((resolve) => (answer = resolve));
    };
    await boot();
    const read = jest.spyOn(app.get(ReadinessService, { strict: false }), 'read');
    const calls = [get('/health/ready'), get('/health/ready'), get('/health/ready')];
    await until(() => read.mock.calls.length === 3);
    answer();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(asked).toBe(1);
  });

  it('is not ready once the drain has begun', async () => {
    database = () => Promise.resolve();
    await boot();
    app.get(DrainState).begin();
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'draining', checks: { database: 'ok' } },
    });
    expect((await get('/health/live')).status).toBe(200);
  });
});
