import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RedisProcess, hasRedisServer, withoutRedisServer } from '../../../test/support/redis.process.js';
import { openRedisStores } from './open-stores.js';
import type { RedisStoresOptions } from './redis-stores.options.js';

const AOF = ['--appendonly', 'yes'];

function checks(): void {
  beforeAll(() => Logger.overrideLogger(false));

  async function opening(settings: string[], options: RedisStoresOptions = {}): Promise<string> {
    const server = await RedisProcess.start(settings);
    try {
      const stores = await openRedisStores(server.url, options);
      await stores.close();
      return 'opened';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await server.remove();
    }
  }

  it('opens stores on one that keeps what it acknowledges', async () => {
    expect(await opening([...AOF, '--appendfsync', 'always'])).toBe('opened');
    expect(await opening([...AOF, '--maxmemory', '100mb', '--maxmemory-policy', 'volatile-lru'])).toBe('opened');
  });

  it.each([
    ['without an append-only file', [], /appendonly yes/],
    [
      'that evicts keys',
      [...AOF, '--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'],
      /maxmemory-policy noeviction/,
    ],
  ])('refuses one %s, unless that is accepted', async (_name, settings, said) => {
    expect(await opening(settings)).toMatch(said);
    expect(await opening(settings)).toMatch(/acceptLoss.*A2A_REDIS_ACCEPT_LOSS=true/);
    expect(await opening(settings, { acceptLoss: true })).toBe('opened');
  });

  it('refuses one that is part of a cluster', async () => {
    expect(await opening([...AOF, '--cluster-enabled', 'yes'], { acceptLoss: true })).toMatch(/part of a cluster/);
  });

  it('refuses a copy of another', async () => {
    const replica = [...AOF, '--replicaof', '127.0.0.1 1', '--replica-serve-stale-data', 'yes'];
    expect(await opening(replica, { acceptLoss: true })).toMatch(/it is a replica/i);
  });

  it('opens stores on one that does not let its configuration be read', async () => {
    expect(await opening([...AOF, '--rename-command', 'CONFIG', ''])).toBe('opened');
  });

  it('says what stands in the way when there is none, or the password is wrong', async () => {
    await expect(openRedisStores('redis://127.0.0.1:1', { connectForMs: 500 })).rejects.toThrow(/ECONNREFUSED/);
    expect(await opening([...AOF, '--requirepass', 'secret'], { connectForMs: 2_000 })).toMatch(
      /NOAUTH|Authentication/,
    );
  });
}

if (hasRedisServer()) describe('the check of a Redis', checks);
else it('is not tested without a redis-server', () => withoutRedisServer('the check of a Redis'));
