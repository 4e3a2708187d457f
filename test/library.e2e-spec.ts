import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  entriesOf,
  filesBelow,
  install,
  loadedWith,
  manifestOf,
  neededBy,
  pack,
  packagesIn,
} from './support/installed-package.js';
import { Program } from './support/program.js';
import { RpcClient, V10, textMessage, v03Message } from './support/rpc.client.js';
import { ROOT, compile } from './support/snippets.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

const directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'a2a-library-')));
/** The same without any of the optional packages. */
const bare = path.join(directory, 'bare');
const installed = path.join(directory, 'app', 'node_modules', 'nest-a2a');
const app = path.join(directory, 'app');

beforeAll(() => {
  const tarball = pack(directory);
  const http = ['@nestjs/platform-express', '@nestjs/platform-fastify', '@types/node'];
  install(tarball, bare, http);
  install(tarball, app, [...http, 'pg', '@types/pg', 'typeorm']);
  copyFileSync(path.join(import.meta.dirname, 'support', 'library-app', 'main.ts'), path.join(app, 'main.ts'));
  const complaints = compile(app);
  if (complaints !== '') throw new Error(complaints);
}, 120_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the package', () => {
  it('holds what its users need and nothing else', () => {
    const files = filesBelow(installed);
    const top = new Set(
      files.map((file) =>
        file
          .split('/')
          .slice(0, file.startsWith('dist/') ? 2 : 1)
          .join('/'),
      ),
    );
    // npm adds a licence of its own accord where there is one.
    top.delete('LICENSE');
    expect([...top].sort()).toEqual([
      'CHANGELOG.md',
      'README.md',
      'dist/console',
      'dist/migrations',
      'dist/src',
      'docs',
      'package.json',
    ]);
    expect(
      files.filter((file) =>
        /\bspec\b|\btests?\b|(?<!^(?:dist\/src\/(?:events\/)?|docs\/)|a2a-)\btesting\b|(?<!^dist\/src\/openapi\/.*)example|^bench\//.test(
          file,
        ),
      ),
    ).toEqual([]);
    expect(files.filter((file) => /^dist\/src\/service\b/.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(['dist/src/index.js', 'dist/src/index.d.ts', 'dist/migrations/index.js']),
    );
  });

  it('has a program and its types for each source, and no source maps', () => {
    const compiled = filesBelow(installed).filter((file) => /^dist\/(?!console\/)/.test(file));
    const sources = new Set(compiled.map((file) => file.replace(/\.(?:js|d\.ts)$/, '')));
    expect(compiled.sort()).toEqual([...sources].flatMap((source) => [`${source}.d.ts`, `${source}.js`]).sort());
    const withoutSource = [...sources].filter((source) => !existsSync(path.join(ROOT, `${source.slice(5)}.ts`)));
    expect(withoutSource).toEqual([]);
    const code = compiled.map((file) => readFileSync(path.join(installed, file), 'utf8'));
    expect(code.filter((text) => text.includes('sourceMappingURL'))).toEqual([]);
  });

  it('has entry points that load nothing but the peers that are not optional; others when they are used', () => {
    const manifest = manifestOf(installed);
    const entries = entriesOf(manifest);
    expect(entries.map(({ name }) => name)).toEqual(
      [
        '',
        '/postgres',
        '/sql',
        '/redis',
        '/grpc',
        '/sdk',
        '/client',
        '/console',
        '/openapi',
        '/admin',
        '/metrics',
        '/tracing',
        '/storage',
        '/testing',
        '/testing/contracts',
      ].map((name) => `nest-a2a${name}`),
    );
    const needed = neededBy(manifest);
    for (const { name, file, types } of entries) {
      expect(filesBelow(installed)).toContain(types.slice(2));
      const code = [...loadedWith(path.join(installed, file)).values()].join('\n');
      const others = packagesIn(code).filter((imported) => !needed.includes(imported));
      expect([name, [...new Set(others)]]).toEqual([name, name.endsWith('/contracts') ? ['@jest/globals'] : []]);
      if (name === 'nest-a2a') expect(needed.filter((used) => !packagesIn(code).includes(used))).toEqual([]);
    }
  });

  it('names each package that it imports anywhere', () => {
    // Types are what the strict compiler below looks at. The pages of the console show the code of calls, and hold the packages they use.
    const files = filesBelow(installed).filter((file) => file.endsWith('.js') && !file.startsWith('dist/console/'));
    const code = files.map((file) => readFileSync(path.join(installed, file), 'utf8')).join('\n');
    const used = new Set(packagesIn(code));
    expect([...used]).toEqual(expect.arrayContaining(['ioredis', '@grpc/grpc-js', 'pg', 'typeorm']));
    const { peerDependencies } = manifestOf(installed);
    expect([...used].filter((name) => peerDependencies[name] === undefined)).toEqual([]);
  });

  it('names the packages that a storage, a bus or a transport takes and that are not installed', () => {
    const script = `
      import { grpc } from 'nest-a2a/grpc';
      import { migratePostgres, postgresStorage } from 'nest-a2a/postgres';
      import { redisBus, redisStorage } from 'nest-a2a/redis';
      import { mysqlStorage, sqliteStorage } from 'nest-a2a/sql';
      const url = 'postgres://h/d';
      const opened = [
        () => postgresStorage({ url }).open({}),
        () => migratePostgres({ url }),
        () => mysqlStorage({ url: 'mysql://h/d' }).open({}),
        () => sqliteStorage({ file: 'tasks.db' }).open({}),
        () => redisStorage({ url: 'redis://h' }).open({}),
        () => redisBus({ url: 'redis://h' }).open(),
        () => grpc({ port: 0, authenticate: 'anonymous' }).start({}),
      ];
      for (const open of opened) await open().catch(({ name, message }) => console.log(name + ': ' + message));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: bare,
      encoding: 'utf8',
    });
    const postgres = `MissingPackageError: The storage 'postgres' needs packages that are not installed: npm install pg@8 typeorm@1`;
    expect(output.trim().split('\n')).toEqual([
      postgres,
      postgres,
      `MissingPackageError: The storage 'mysql' needs a package that is not installed: npm install typeorm@1`,
      `MissingPackageError: The storage 'sqlite' needs a package that is not installed: npm install typeorm@1`,
      `MissingPackageError: The storage 'redis' needs a package that is not installed: npm install ioredis@5`,
      `MissingPackageError: The bus 'redis' needs a package that is not installed: npm install ioredis@5`,
      `GrpcBootError: gRPC needs a package that is not installed: npm install @grpc/grpc-js`,
    ]);
  });

  it('names the packages that signed cards take and that are not installed', () => {
    const script = `
      import { createCardSigner } from './node_modules/nest-a2a/dist/src/agents/cards/signing/card-signer.factory.js';
      await createCardSigner({ signing: { keys: [] } }).catch((error) => console.log(error.message));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: bare,
      encoding: 'utf8',
    });
    expect(output).toBe(
      'Signing agent cards (cards.signing) needs packages that are not installed: npm install jose canonicalize\n',
    );
  });

  it.each([
    ['of the entry points in use', app, undefined],
    ['without any optional package', bare, "export * from 'nest-a2a'; export * from 'nest-a2a/client';"],
  ])(
    'has types that a strict compiler accepts as they are, %s',
    (_, project, code) => {
      if (code !== undefined) writeFileSync(path.join(project, 'all.ts'), code);
      const complaints = compile(project, { skipLibCheck: false, noEmit: true });
      expect(complaints.split('\n').filter((line) => line.includes('nest-a2a'))).toEqual([]);
    },
    120_000,
  );
});

describe.each([
  { adapter: 'express', storage: 'memory' },
  { adapter: 'fastify', storage: 'postgres' },
])('an application on $adapter that installed the package, with $storage', ({ adapter, storage }) => {
  let program: Program;
  let database: TestDatabase | undefined;
  const rpc = (at: string, name: string, headers: Record<string, string> = V10): RpcClient =>
    new RpcClient(program.url + at, { 'x-name': name, ...headers });

  beforeAll(async () => {
    database = storage === 'postgres' ? await createTestDatabase() : undefined;
    program = await Program.start({
      command: process.execPath,
      args: ['main.js'],
      cwd: app,
      env: { ADAPTER: adapter, ...(database && { DATABASE_URL: database.url }) },
      ready: (line) => (line.startsWith('{"url"') ? (JSON.parse(line) as { url: string }).url : undefined),
    });
  }, 300_000);

  afterAll(async () => {
    await program?.stop('SIGKILL');
    await database?.drop();
  });

  it('keeps its own routes, with parsed bodies', async () => {
    expect(await (await fetch(`${program.url}/hello`)).json()).toEqual({ hello: 'world' });
    const added = await fetch(`${program.url}/things`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect([added.status, await added.json()]).toEqual([201, { added: { a: 1 } }]);
  });

  it('has nothing of A2A at its root', async () => {
    for (const [method, at] of [
      ['POST', '/'],
      ['GET', '/.well-known/agent-card.json'],
      ['POST', '/agents/shouter'],
    ] as const) {
      const response = await fetch(program.url + at, { method });
      expect([at, response.status, await response.json()]).toMatchObject([at, 404, { error: 'Not Found' }]);
    }
  });

  it.each(['/a2a', '/a2a/agents/shouter'])('serves the agent at %s in both versions', async (at) => {
    const v10 = await rpc(at, 'ada').result('SendMessage', { message: textMessage('hi') });
    expect(v10).toMatchObject({
      task: { status: { state: 'TASK_STATE_COMPLETED' }, artifacts: [{ parts: [{ text: 'ada: HI' }] }] },
    });
    const stream = await rpc(at, 'ada', {}).stream('message/stream', { message: v03Message('you') });
    const events = await stream.results<{ kind: string }>();
    expect(events.map(({ kind }) => kind)).toEqual(['task', 'artifact-update', 'status-update']);
  });

  it('has the cards below its path, open to everyone, with addresses that work', async () => {
    for (const at of ['/a2a', '/a2a/agents/shouter']) {
      const response = await fetch(`${program.url}${at}/.well-known/agent-card.json`);
      const card = (await response.json()) as { name: string; url: string };
      expect([response.status, card.name]).toEqual([200, 'shouter']);
      const answer = await new RpcClient(card.url, { 'x-name': 'ada' }).call('tasks/get', { id: 'none' });
      expect(answer.error?.code).toBe(-32001);
    }
  });

  it('lets its guard say who calls: others do not see the task, strangers do not get in', async () => {
    const { task } = await rpc('/a2a', 'ada').result<{ task: { id: string } }>('SendMessage', {
      message: textMessage('mine'),
    });
    expect(await rpc('/a2a', 'ada').result('GetTask', { id: task.id })).toMatchObject({ id: task.id });
    expect((await rpc('/a2a', 'bob').call('GetTask', { id: task.id })).error?.code).toBe(-32001);
    const stranger = await new RpcClient(`${program.url}/a2a`).call('GetTask', { id: task.id });
    expect(stranger.error).toMatchObject({ code: -32041, message: 'Say your name.' });
  });

  it('ends what runs at a signal, tells the reader why, and is gone', async () => {
    const stream = await rpc('/a2a', 'ada').stream('SendStreamingMessage', { message: textMessage('wait') });
    const frames = stream[Symbol.asyncIterator]();
    const first = await frames.next();
    const stopped = program.stop('SIGTERM');
    const rest: unknown[] = [first.value];
    for await (const { data } of frames) rest.push(JSON.parse(data));
    expect(rest.at(-1)).toMatchObject({
      result: {
        statusUpdate: { status: { state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'SHUTDOWN' } } } },
      },
    });
    await stopped;
    await expect(fetch(`${program.url}/hello`)).rejects.toThrow();
  });
});
