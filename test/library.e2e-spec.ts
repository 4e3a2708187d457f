import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { Program } from './support/program.js';
import { RpcClient, V10, textMessage, v03Message } from './support/rpc.client.js';
import { ROOT, compile } from './support/snippets.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { optional: boolean }>;
}

const directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'a2a-library-')));
const modules = path.join(directory, 'node_modules');
const installed = path.join(modules, 'nest-a2a');
const manifestOf = (root: string): Manifest =>
  JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;

/** What npm would install with the package: no registry is asked, what this repository has is linked. */
function link(name: string): void {
  const target = path.join(modules, name);
  mkdirSync(path.dirname(target), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules', name), target);
}

const neededBy = ({ dependencies = {}, peerDependencies, peerDependenciesMeta }: Manifest): string[] => [
  ...Object.keys(dependencies),
  ...Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional),
];

const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));

/** Packages that a file imports, as a program or in its types. */
const packagesIn = (code: string): string[] =>
  [...code.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"]([^'"\n.][^'"\n]*)['"]/g)]
    .map(([, specifier]) => specifier!)
    .filter((specifier) => !specifier.startsWith('node:') && !builtinModules.includes(specifier))
    .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));

/** How optional packages are loaded. */
const DYNAMIC_IMPORT = /\bimport\([^)]*\)/g;

beforeAll(() => {
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory];
  const tarball = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').at(-1)!;
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', path.join(directory, tarball), '-C', installed, '--strip-components=1']);
  for (const name of neededBy(manifestOf(installed))) link(name);
  for (const name of ['@nestjs/platform-express', '@nestjs/platform-fastify', '@types/node']) link(name);
  writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ type: 'module' }));
  copyFileSync(path.join(import.meta.dirname, 'support', 'library-app', 'main.ts'), path.join(directory, 'main.ts'));
  const complaints = compile(directory);
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
      'dist/migrations',
      'dist/src',
      'docs',
      'package.json',
    ]);
    expect(files.filter((file) => /\bspec\b|\btests?\b|\btesting\b|example|^bench\//.test(file))).toEqual([]);
    expect(files.filter((file) => /^dist\/src\/service\b/.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(['dist/src/index.js', 'dist/src/index.d.ts', 'dist/migrations/index.js']),
    );
  });

  it('imports nothing but its dependencies and the peers that are not optional; others when they are used', () => {
    // Types are what the strict compiler below looks at.
    const files = filesBelow(installed).filter((file) => file.endsWith('.js'));
    const code = files.map((file) => readFileSync(path.join(installed, file), 'utf8'));
    const manifest = manifestOf(installed);
    const needed = neededBy(manifest);
    const imported = new Set(code.flatMap((text) => packagesIn(text.replaceAll(DYNAMIC_IMPORT, ''))));
    expect(imported.size).toBeGreaterThan(5);
    expect([...imported].filter((name) => !needed.includes(name))).toEqual([]);
    expect(needed.filter((name) => !imported.has(name))).toEqual([]);
    const used = code.flatMap((text) => packagesIn([...text.matchAll(DYNAMIC_IMPORT)].join('\n')));
    expect(used).toEqual(expect.arrayContaining(['ioredis', '@grpc/grpc-js']));
    expect(used.filter((name) => !manifest.peerDependenciesMeta[name]?.optional)).toEqual([]);
  });

  it('names the package that an option takes and that is not installed', () => {
    const options =
      "{ storage: { type: 'postgres', url: 'postgres://h/d' }, bus: { type: 'redis', url: 'redis://h' } }";
    const script = `
      import { openRedisStores } from './node_modules/nest-a2a/dist/src/tasks/redis/open-stores.js';
      import { openBus } from './node_modules/nest-a2a/dist/src/events/bus/open-bus.js';
      import { busOptions } from './node_modules/nest-a2a/dist/src/events/bus/bus.options.js';
      const { bus, storage } = ${options};
      await openBus(busOptions(bus, storage)).catch((error) => console.log(error.message));
      await openRedisStores('redis://h').catch((error) => console.log(error.message));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: directory,
      encoding: 'utf8',
    });
    const missing = 'needs a package that is not installed: npm install ioredis@5';
    expect(output).toBe(`The bus 'redis' ${missing}\nThe storage 'redis' ${missing}\n`);
  });

  it('names the packages that signed cards take and that are not installed', () => {
    const script = `
      import { createCardSigner } from './node_modules/nest-a2a/dist/src/agents/cards/signing/card-signer.factory.js';
      await createCardSigner({ signing: { keys: [] } }).catch((error) => console.log(error.message));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(output).toBe(
      'Signed agent cards (cards.signing) need packages that are not installed: npm install jose canonicalize\n',
    );
  });

  it('has types that a strict compiler accepts as they are', () => {
    const complaints = compile(directory, { skipLibCheck: false, noEmit: true });
    expect(complaints.split('\n').filter((line) => line.includes('nest-a2a'))).toEqual([]);
  }, 120_000);
});

describe.each([
  { adapter: 'express', storage: 'memory' },
  { adapter: 'fastify', storage: 'postgres' },
])('an application on $adapter that installed the package, with $storage', ({ adapter, storage }) => {
  let app: Program;
  let database: TestDatabase | undefined;
  const rpc = (at: string, name: string, headers: Record<string, string> = V10): RpcClient =>
    new RpcClient(app.url + at, { 'x-name': name, ...headers });

  beforeAll(async () => {
    database = storage === 'postgres' ? await createTestDatabase() : undefined;
    app = await Program.start({
      command: process.execPath,
      args: ['main.js'],
      cwd: directory,
      env: { ADAPTER: adapter, ...(database && { DATABASE_URL: database.url }) },
      ready: (line) => (line.startsWith('{"url"') ? (JSON.parse(line) as { url: string }).url : undefined),
    });
  }, 90_000);

  afterAll(async () => {
    await app?.stop('SIGKILL');
    await database?.drop();
  });

  it('keeps its own routes, with parsed bodies', async () => {
    expect(await (await fetch(`${app.url}/hello`)).json()).toEqual({ hello: 'world' });
    const added = await fetch(`${app.url}/things`, {
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
      const response = await fetch(app.url + at, { method });
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
      const response = await fetch(`${app.url}${at}/.well-known/agent-card.json`);
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
    const stranger = await new RpcClient(`${app.url}/a2a`).call('GetTask', { id: task.id });
    expect(stranger.error).toMatchObject({ code: -32041, message: 'Say your name.' });
  });

  it('ends what runs at a signal, tells the reader why, and is gone', async () => {
    const stream = await rpc('/a2a', 'ada').stream('SendStreamingMessage', { message: textMessage('wait') });
    const frames = stream[Symbol.asyncIterator]();
    const first = await frames.next();
    const stopped = app.stop('SIGTERM');
    const rest: unknown[] = [first.value];
    for await (const { data } of frames) rest.push(JSON.parse(data));
    expect(rest.at(-1)).toMatchObject({
      result: {
        statusUpdate: { status: { state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'SHUTDOWN' } } } },
      },
    });
    await stopped;
    await expect(fetch(`${app.url}/hello`)).rejects.toThrow();
  });
});
