import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DynamicModule, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { A2aModule } from '../src/a2a.module.js';
import type { A2aModuleExtras, A2aModuleOptions } from '../src/a2a.options.js';
import type { CardSigningOptions } from '../src/agents/cards/signing/card-signing.options.js';
import { A2aAgent } from '../src/agents/a2a-agent.decorator.js';
import { redisBus } from '../src/events/bus/redis.bus.js';
import { postgresStorage } from '../src/storage/postgres.storage.js';
import { sqliteStorage } from '../src/storage/sql.storage.js';
import { agentOf } from './support/agent-of.js';

const idle = async (): Promise<void> => undefined;

interface Boot {
  readonly agents?: Provider[];
  readonly options?: A2aModuleOptions & A2aModuleExtras;
  readonly module?: DynamicModule;
}

/** The message of the error that a boot ends in; an application that comes up is a failure. */
async function bootError({ agents = [], options, module }: Boot): Promise<string> {
  try {
    const metadata: ModuleMetadata = { imports: [module ?? A2aModule.forRoot(options)], providers: agents };
    @Module(metadata)
    class TestModule {}
    const app = await NestFactory.create(TestModule, {
      logger: false,
      abortOnError: false,
    });
    try {
      await app.init();
    } finally {
      await app.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The application came up.');
}

describe('a boot fails by name', () => {
  it('when two agents have one id', async () => {
    const message = await bootError({ agents: [agentOf(idle, { id: 'same' }), anotherAgent('same')] });
    expect(message).toMatch(/id 'same' is used by .*TestAgent.* and .*AnotherAgent|.*AnotherAgent.* and .*TestAgent/);
    expect(message).toContain('/agents/same');
  });

  it('when two agents are the default', async () => {
    const message = await bootError({ agents: [agentOf(idle), anotherAgent('another', { default: true })] });
    expect(message).toMatch(/default: true, but only one agent is served at the root/);
  });

  it('when an agent has no execute, as in plain JavaScript', async () => {
    class Greeter {}
    (A2aAgent({ id: 'greeter', description: 'Greets', skills: SKILLS }) as ClassDecorator)(Greeter);
    const message = await bootError({ agents: [Greeter] });
    expect(message).toMatch(/Greeter \(in TestModule\): it has no method execute: add execute\(context, updater\)/);
  });

  it('when the options of an agent are wrong, with all problems at once', async () => {
    const wrong = { id: 'Not An Id', description: '', skills: [], deadlineMs: 0, replys: 'task' };
    const message = await bootError({ agents: [agentOf(idle, wrong)] });
    for (const name of ['id', 'description', 'skills', 'deadlineMs', 'replys']) expect(message).toContain(name);
  });

  const BAD_OPTIONS: [string, A2aModuleOptions & A2aModuleExtras][] = [
    ['path', { path: '/a2a/:agent' }],
    ['bodyLimitBytes', { http: { bodyLimitBytes: 0 } }],
    ['keepAliveMs', { http: { keepAliveMs: 2 ** 31 } }],
    ['cardMaxAgeSeconds', { http: { cardMaxAgeSeconds: 1.5 } }],
    ['PUBLIC_URL', { publicUrl: 'agents.example.com' }],
    ['deadlineMs', { execution: { deadlineMs: Infinity } }],
    ['cancelTimeoutMs', { execution: { cancelTimeoutMs: -1 } }],
    ['maxTaskBytes', { execution: { maxTaskBytes: '64' as unknown as number } }],
    ['deduplicateMessages', { execution: { deduplicateMessages: 'no' as unknown as boolean } }],
    ['deadline', { execution: { deadline: 5 } as A2aModuleOptions['execution'] }],
    ['bus', { bus: { type: 'kafka' } as unknown as A2aModuleOptions['bus'] }],
    ['memory', { bus: redisBus({ url: 'redis://127.0.0.1' }) }],
    ['sqlite', { bus: redisBus({ url: 'redis://127.0.0.1' }), storage: sqliteStorage({ file: '/nowhere/tasks.db' }) }],
    ['nest-a2a/grpc', { grpc: { port: 0, authenticate: 'anonymous' } as unknown as A2aModuleOptions['grpc'] }],
    ['pollMs', { pollMs: 1 }],
    ['securityScheme', { cards: { securityScheme: {} } as A2aModuleOptions['cards'] }],
    ['provider.url', { cards: { provider: { organization: 'ACME', url: 'acme' } } }],
    ['signing.keys', { cards: { signing: { keys: [] } } }],
    ['keyset', { cards: { signing: { keyset: [] } as unknown as CardSigningOptions } }],
    ['privateKey', { cards: { signing: { keys: [{ privateKey: 'none' }] } } }],
    ['jku', { cards: { signing: { keys: [{ privateKey: 'none' }], jku: '/jwks.json' } } }],
    ['extendedCardTimeoutMs', { cards: { extendedCardTimeoutMs: 0 } }],
    ['tenants.declared', { tenants: { declared: 'v1' } }],
    ['tenants.resolve', { tenants: { resolve: 'acme' as never } }],
    ["object of type 'mysql", { storage: { type: 'mysql' } as unknown as A2aModuleOptions['storage'] }],
    ['postgresStorage', { storage: { type: 'postgres' } as unknown as A2aModuleOptions['storage'] }],
  ];
  it.each(BAD_OPTIONS)('when %s makes no sense', async (name, options) => {
    const message = await bootError({ options });
    expect(message).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('when a factory gives a storage that asks for a provider of the application', async () => {
    const useFactory = (): A2aModuleOptions => ({ storage: postgresStorage({ dataSource: 'MainDataSource' }) });
    const message = await bootError({ module: A2aModule.forRootAsync({ useFactory }) });
    expect(message).toContain('Inject them into the factory');
  });
});

const SKILLS = [{ id: 'test', name: 'Test', description: 'Tests', tags: ['test'] }];

function anotherAgent(id: string, options: { default?: boolean } = {}) {
  @A2aAgent({ id, description: 'Another agent', skills: SKILLS, ...options })
  class AnotherAgent {
    execute = idle;
  }
  return AnotherAgent;
}

describe('the service stops with exit code 1', () => {
  const dist = process.env.A2A_TEST_DIST ?? path.join(import.meta.dirname, '..', 'dist');
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-boot-'));
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  /** Nothing of the test's own environment reaches the service but PATH. */
  function service(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
    return new Promise((resolve, reject) => {
      const { PATH = '' } = process.env;
      const child = spawn(process.execPath, [path.join(dist, 'src/service/main.js')], {
        cwd: dataDir,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH, NO_COLOR: '1', DATA_DIR: dataDir, PORT: '0', ...env },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          output += chunk;
          // It should not have come up.
          if (output.includes('Listening on')) child.kill('SIGKILL');
        });
      }
      child.on('error', reject).on('close', (code) => resolve({ code, output }));
    });
  }

  const PUBLIC = { HOST: '0.0.0.0' };
  const CASES: { when: string; env: Record<string, string>; says: string[] }[] = [
    {
      when: 'a variable is wrong, with its name, the problem and an example, and all problems at once',
      env: { PORT: 'eighty', STORE: 'mysql', HTTP_ADAPTER: 'koa', A2A_DEADLINE_MS: '0' },
      says: [
        'PORT must be',
        'it is "eighty"',
        'Example: PORT=3000',
        'Example: STORE=postgres',
        'Example: HTTP_ADAPTER=fastify',
        'Example: A2A_DEADLINE_MS=1800000',
      ],
    },
    {
      when: 'a secret variable is wrong, without showing it',
      env: { DATABASE_URL: 'oracle://root:the-password@db/a2a' },
      says: ['DATABASE_URL must be', 'Example: DATABASE_URL=postgres://'],
    },
    {
      when: 'STORE and DATABASE_URL name two databases',
      env: { STORE: 'postgres', DATABASE_URL: 'mysql://root:the-password@db/a2a' },
      says: ["STORE is 'postgres', but DATABASE_URL names another database"],
    },
    {
      when: 'it listens beyond loopback without PUBLIC_URL',
      env: { ...PUBLIC, A2A_ALLOW_ANONYMOUS: 'true' },
      says: ['PUBLIC_URL must be set', 'Example: PUBLIC_URL=https://agents.example.com'],
    },
    {
      when: 'it listens beyond loopback and nobody allowed anonymous callers',
      env: { ...PUBLIC, PUBLIC_URL: 'https://agents.example.com' },
      says: ['A2A_ALLOW_ANONYMOUS must be true', 'Example: A2A_ALLOW_ANONYMOUS=true'],
    },
  ];
  it.each(CASES)('when $when', async ({ env, says }) => {
    const { code, output } = await service(env);
    for (const text of says) expect(output).toContain(text);
    expect(output).not.toContain('the-password');
    expect(code).toBe(1);
    // Nothing was begun that would have to be cleaned up.
    expect(readdirSync(dataDir)).toEqual([]);
  });
});
