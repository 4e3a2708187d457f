import { afterEach, describe, expect, it } from '@jest/globals';
import { Inject, type LoggerService, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { agentApp, agentOptions, registryOf } from '../../test/support/agent-app.js';
import { agentRun } from '../testing/agent-run.js';
import { A2aAgent } from './a2a-agent.decorator.js';
import type { AgentRegistry } from './agent-registry.interface.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';
import { AgentsModule } from './agents.module.js';
import { RESUME_EXTENSION } from './cards/resume.extension.js';

class RecordingLogger implements LoggerService {
  readonly lines: string[] = [];
  log = (message: string, context: string): void => void this.lines.push(`log ${context} ${message}`);
  warn = (message: string, context: string): void => void this.lines.push(`warn ${context} ${message}`);
  error = (): void => undefined;
}

let app: TestingModule | undefined;
const logger = new RecordingLogger();

async function boot(...imports: Type[]): Promise<AgentRegistry> {
  logger.lines.length = 0;
  app = await agentApp({ imports }, undefined, logger);
  return registryOf(app);
}

afterEach(async () => {
  await app?.close().catch(() => undefined);
  app = undefined;
});

@A2aAgent(agentOptions('shop', { default: true }))
class ShopAgent {
  execute(_context: RequestContext, updater: TaskUpdater): Promise<void> {
    return updater.complete('shop');
  }
}

@A2aAgent(
  agentOptions('bank', {
    name: 'Bank',
    version: '2.1.0',
    inputModes: ['application/json'],
    outputModes: ['image/*'],
    streaming: false,
    replies: 'either',
    resumable: true,
    deadlineMs: 5,
  }),
)
class BankAgent {
  constructor(@Inject('RATE') private readonly rate: number) {}
  execute(_context: RequestContext, updater: TaskUpdater): Promise<void> {
    return updater.complete(`bank ${this.rate}`);
  }
}

@Module({ providers: [ShopAgent] })
class ShopModule {}

@Module({ providers: [BankAgent, { provide: 'RATE', useFactory: async () => 7 }] })
class BankModule {}

describe('AgentsModule', () => {
  it('finds the agents of all modules, in the order of their class names, without @Injectable(), and runs each with its own dependencies', async () => {
    const registry = await boot(ShopModule, BankModule);
    expect(registry.all().map(({ id, className }) => [id, className])).toEqual([
      ['bank', 'BankAgent'],
      ['shop', 'ShopAgent'],
    ]);
    for (const [id, text] of [
      ['shop', 'shop'],
      ['bank', 'bank 7'],
    ] as const) {
      const { context, updater, sink } = agentRun();
      await registry.get(id)?.execute(context, updater);
      expect(sink.events).toMatchObject([{ statusUpdate: { status: { message: { parts: [{ text }] } } } }]);
    }
    expect(registry.get('nobody')).toBeUndefined();
    expect(registry.get('shop')?.instance).toBe(app?.get(ShopAgent, { strict: false }));
  });

  it('knows the agent that is served at the root, if any', async () => {
    expect((await boot(ShopModule, BankModule)).default?.id).toBe('shop');
    expect((await boot(BankModule)).default).toBeUndefined();
  });

  it('fills in the defaults of the options and keeps what is given', async () => {
    const registry = await boot(ShopModule, BankModule);
    expect(registry.get('shop')?.options).toEqual({
      ...agentOptions('shop', { default: true }),
      name: 'shop',
      version: '1.0.0',
      inputModes: ['text/plain'],
      outputModes: ['text/plain'],
      streaming: true,
      pushNotifications: true,
      replies: 'task',
      resumable: false,
      extensions: [RESUME_EXTENSION],
    });
    expect(registry.get('bank')?.options.extensions).toEqual([]);
    expect(registry.get('bank')?.options).toMatchObject({
      name: 'Bank',
      version: '2.1.0',
      inputModes: ['application/json'],
      outputModes: ['image/*'],
      streaming: false,
      replies: 'either',
      resumable: true,
      deadlineMs: 5,
    });
  });

  it('says which agents it serves', async () => {
    await boot(ShopModule, BankModule);
    expect(logger.lines).toEqual(
      expect.arrayContaining([
        'log AgentRegistry Agent shop (default): ShopAgent',
        'log AgentRegistry Agent bank: BankAgent',
      ]),
    );
  });

  it('warns, and says what to do, when there are no agents', async () => {
    expect((await boot()).all()).toEqual([]);
    expect(logger.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn AgentRegistry There are no agents: put a class with @A2aAgent({ … }) into the providers of a module that the application imports.',
    ]);
  });

  it('keeps the agents of two applications in one process apart', async () => {
    const first = await Test.createTestingModule({ imports: [AgentsModule, ShopModule] })
      .setLogger(logger)
      .compile();
    await first.init();
    const second = await boot(BankModule);
    expect(second.all().map(({ id }) => id)).toEqual(['bank']);
    expect(
      registryOf(first)
        .all()
        .map(({ id }) => id),
    ).toEqual(['shop']);
    await first.close();
  });

  it('takes an alias of an agent for the same agent', async () => {
    @Module({ providers: [ShopAgent, { provide: 'Alias', useExisting: ShopAgent }] })
    class AliasModule {}
    expect((await boot(AliasModule)).all()).toHaveLength(1);
  });

  it('refuses to be read before the application is initialised', async () => {
    const early = await Test.createTestingModule({ imports: [AgentsModule, ShopModule] }).compile();
    expect(() => registryOf(early).all()).toThrow('after the application is initialized');
    await early.close();
  });

  it('can be configured asynchronously', async () => {
    const configured = await Test.createTestingModule({
      imports: [AgentsModule.forRootAsync({ useFactory: async () => ({ inheritAppConfig: true }) }), ShopModule],
    })
      .setLogger(logger)
      .compile();
    await configured.init();
    expect(registryOf(configured).get('shop')).toBeDefined();
    await configured.close();
  });
});
