import { describe, expect, it } from '@jest/globals';
import { type BusOptions, busOptions } from './bus.options.js';

const onPostgres = (given: object | undefined) => () =>
  busOptions(given as BusOptions | undefined, { type: 'postgres' });

describe('busOptions', () => {
  it('suit the storage by default', () => {
    expect(busOptions(undefined, { type: 'postgres' })).toEqual({ type: 'postgres', pollMs: 1000 });
    expect(busOptions(undefined, { type: 'memory' })).toEqual({ type: 'in-process', pollMs: 1000 });
    expect(busOptions(undefined, { type: 'redis', url: 'redis://h' })).toEqual({
      type: 'redis',
      url: 'redis://h',
      channel: 'a2a:wake',
      pollMs: 1000,
    });
  });

  it('are taken as they are', () => {
    expect(onPostgres({ type: 'in-process', pollMs: 50 })()).toEqual({ type: 'in-process', pollMs: 50 });
    expect(onPostgres({ type: 'redis', url: 'rediss://u:p@redis.example.com' })()).toEqual({
      type: 'redis',
      url: 'rediss://u:p@redis.example.com',
      channel: 'a2a:wake',
      pollMs: 1000,
    });
  });

  it.each([
    [{ type: 'kafka' }, /bus\.type: there is no bus 'kafka'/],
    [{ type: 'redis' }, /bus\.url/],
    [{ type: 'redis', url: 'http://user:secret@host' }, /bus\.url/],
    [{ type: 'redis', url: 'redis://h', channel: '' }, /bus\.channel/],
    [{ type: 'postgres', pollMs: 0 }, /bus\.pollMs must be a whole number from 10 to 60000, but is 0/],
    [{ type: 'postgres', pollMs: 1.5 }, /bus\.pollMs/],
    [{ type: 'postgres', pollMs: Infinity }, /bus\.pollMs/],
  ])('refuse %j by name', (given, message) => {
    expect(onPostgres(given)).toThrow(message);
    expect(onPostgres(given)).not.toThrow(/secret/);
  });

  it.each(['postgres', 'redis'] as const)('refuse %s when tasks are in memory', (type) => {
    expect(() => busOptions({ type, url: 'redis://h' }, { type: 'memory' })).toThrow(/storage 'memory'/);
  });

  it('leave processes that share a MySQL to polling or a Redis', () => {
    expect(busOptions(undefined, { type: 'mysql' })).toEqual({ type: 'in-process', pollMs: 1000 });
    expect(busOptions({ type: 'redis', url: 'redis://h' }, { type: 'mariadb' })).toMatchObject({ type: 'redis' });
    expect(() => busOptions({ type: 'postgres' }, { type: 'mysql' })).toThrow(/storage 'mysql'/);
    expect(() => busOptions({ type: 'redis', url: 'redis://h' }, { type: 'better-sqlite3' })).toThrow(/better-sqlite3/);
  });
});
