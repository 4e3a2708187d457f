import { afterEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, Injectable, Module, UseGuards } from '@nestjs/common';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import { agentOptions, registryOf } from '../../test/support/agent-app.js';
import { agentRun } from '../testing/agent-run.js';
import { A2aAgent } from './a2a-agent.decorator.js';
import type { AgentExecutor } from './agent-executor.interface.js';
import { AgentsModule } from './agents.module.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

@Injectable()
class ClosedGuard implements CanActivate {
  canActivate = (): boolean => false;
}

@Injectable()
class OpenGuard implements CanActivate {
  canActivate = (): boolean => true;
}

@UseGuards(OpenGuard)
@A2aAgent(agentOptions('shop'))
class ShopAgent implements AgentExecutor {
  @UseGuards(ClosedGuard)
  execute(_context: RequestContext, updater: TaskUpdater): Promise<void> {
    return updater.complete('the real one');
  }
}

@Module({ providers: [ShopAgent] })
class ShopModule {}

class StubAgent implements AgentExecutor {
  readonly #text = 'a class';
  async execute(_context: RequestContext, updater: TaskUpdater): Promise<void> {
    await updater.complete(this.#text);
  }
}

const stub = (text: string): AgentExecutor => ({ execute: async (_, updater) => updater.complete(text) });

let app: TestingModule | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function agentOf(override: (builder: TestingModuleBuilder) => TestingModuleBuilder) {
  app = await override(Test.createTestingModule({ imports: [AgentsModule, ShopModule] })).compile();
  await app.init();
  return registryOf(app).get('shop')!;
}

describe('An agent that overrideProvider replaces', () => {
  it.each<[string, (builder: TestingModuleBuilder) => TestingModuleBuilder]>([
    ['a value', (builder) => builder.overrideProvider(ShopAgent).useValue(stub('a value'))],
    ['a class', (builder) => builder.overrideProvider(ShopAgent).useClass(StubAgent)],
    ['a factory', (builder) => builder.overrideProvider(ShopAgent).useFactory({ factory: () => stub('a factory') })],
  ])('by %s is served under the options of the class that it replaces', async (text, override) => {
    const agent = await agentOf(override);
    expect([agent.id, agent.className]).toEqual(['shop', 'ShopAgent']);
    const { context, updater, sink } = agentRun();
    await agent.execute(context, updater);
    expect(sink.events).toMatchObject([{ statusUpdate: { status: { message: { parts: [{ text }] } } } }]);
  });

  it('keeps the guards of the class and of its methods', async () => {
    const agent = await agentOf((builder) => builder.overrideProvider(ShopAgent).useValue(stub('a value')));
    const { context, updater } = agentRun();
    await expect(agent.admit?.(context, updater)).rejects.toThrow();
    await app?.close();
    const open = await agentOf((builder) =>
      builder
        .overrideProvider(ShopAgent)
        .useValue(stub('a value'))
        .overrideGuard(ClosedGuard)
        .useValue({ canActivate: () => true }),
    );
    await expect(open.admit?.(context, updater)).resolves.toBeUndefined();
  });

  it('is refused at boot if the stand-in has no execute', async () => {
    await expect(agentOf((builder) => builder.overrideProvider(ShopAgent).useValue({}))).rejects.toThrow(
      'ShopAgent (in ShopModule): it has no method execute',
    );
  });
});
