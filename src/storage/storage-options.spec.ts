import { describe, expect, it } from '@jest/globals';
import { redisBus } from '../events/bus/redis.bus.js';
import { memoryStorage } from './memory.storage.js';
import { postgresStorage } from './postgres.storage.js';
import { redisStorage } from './redis.storage.js';
import { mariadbStorage, mysqlStorage, sqliteStorage } from './sql.storage.js';

type Make = (options: never) => unknown;

const POSTGRES = 'postgres://user:secret@h/d';

describe('a storage', () => {
  it('says what it is called, and whether processes can share it', () => {
    const made = [
      memoryStorage(),
      postgresStorage({ url: POSTGRES }),
      mysqlStorage({ url: 'mysql://h/d' }),
      mariadbStorage({ url: 'mysql://h/d' }),
      sqliteStorage({ file: 'tasks.db' }),
      redisStorage({ url: 'redis://h' }),
    ];
    expect(made.map(({ name, shared }) => [name, shared])).toEqual([
      ['memory', false],
      ['postgres', true],
      ['mysql', true],
      ['mariadb', true],
      ['sqlite', false],
      ['redis', true],
    ]);
  });

  it('asks for the DataSource of an application by its token', () => {
    expect(postgresStorage({ dataSource: 'MainDataSource' }).inject).toEqual(['MainDataSource']);
    expect(postgresStorage({ url: POSTGRES }).inject).toEqual([]);
  });
});

const WRONG: [Make, object, RegExp][] = [
  [postgresStorage, {}, /postgresStorage needs a url, like postgresStorage\(\{ url: 'postgres:/],
  [postgresStorage, { url: 'mysql://user:secret@h/d' }, /needs a url/],
  [postgresStorage, { url: POSTGRES, poolsize: 1 }, /poolsize is not an option. There are url/],
  [postgresStorage, { url: POSTGRES, poolSize: 0 }, /poolSize must be 1 or more, but is 0/],
  [postgresStorage, { url: POSTGRES, schema: 'a"b' }, /schema must be a name of 1 to 63/],
  [postgresStorage, { url: POSTGRES, password: 'secret' }, /password must be a function/],
  [postgresStorage, { url: POSTGRES, migrations: 'never' }, /migrations must be 'run', 'check' or 'off'/],
  [postgresStorage, { url: POSTGRES, dataSource: 'x' }, /url cannot be given with dataSource/],
  [postgresStorage, { schema: 'a2a', dataSource: 'x' }, /schema cannot be given with dataSource/],
  [mysqlStorage, { url: 'mysql://user:secret@h' }, /mysqlStorage needs a url, like .*host:3306\/database/],
  [mariadbStorage, { url: 'mariadb://h/d', poolSize: 1 }, /mariadbStorage needs a poolSize of 2 or more, but it is 1/],
  [sqliteStorage, { file: ':memory:' }, /sqliteStorage needs a file/],
  [redisStorage, { url: 'http://user:secret@h' }, /redisStorage needs a url/],
  [redisStorage, { url: 'redis://h', prefix: 'a b' }, /prefix must be a name of 1 to 64/],
  [redisBus, { url: 'http://user:secret@host' }, /bus 'redis' needs a url/],
  [redisBus, { url: 'redis://h', channel: '' }, /channel of the bus 'redis'/],
];

it.each(WRONG)('%p refuses %j by name, without what is secret', (make, options, message) => {
  expect(() => make(options as never)).toThrow(message);
  expect(() => make(options as never)).not.toThrow(/secret/);
});
