import type { DynamicModule, INestApplicationContext, LogLevel, ModuleMetadata, Provider, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { A2aModuleOptions } from '../../a2a.options.js';
import { A2aTestingModule } from '../a2a-testing.module.js';
import { AgentHarness, idOf } from './agent-harness.js';
import { ManualClock } from './manual-clock.js';

/** What an agent under test is given. */
export interface AgentHarnessOptions {
  /** What the agent and its guards inject. */
  providers?: Provider[];
  /** Modules that provide it. */
  imports?: ModuleMetadata['imports'];
  /** Options of `A2aModule`. The defaults are those of `A2aTestingModule`. */
  a2a?: A2aModuleOptions;
  /**
   * `manual`: time stands still until the test moves it with `harness.clock.advance(ms)`. It is the time of the whole process (`Date`,
   * `setTimeout`, `setInterval`, `performance.now`), so only one such harness can be open. Needs `@sinonjs/fake-timers`. Default `real`.
   */
  clock?: 'real' | 'manual';
  /** What Nest logs. Default: errors, such as what an agent throws. */
  logger?: LogLevel[] | false;
}

/**
 * Runs an agent without HTTP, as the server would: with its guards, interceptors and filters, its limits, and tasks in memory. Close it at
 * the end of the test.
 *
 * @example
 * const harness = await createAgentHarness(GreeterAgent, { providers: [{ provide: Names, useValue: names }] });
 * const answer = await harness.send('Ada');
 * assert.equal(answer.text, 'Hello, Ada!');
 * await harness.close();
 *
 * @throws what the boot of the application throws, such as AgentConfigurationError.
 */
export async function createAgentHarness(agent: Type, options: AgentHarnessOptions = {}): Promise<AgentHarness> {
  const { providers = [], imports = [], a2a, clock = 'real', logger = ['error', 'fatal'] } = options;
  class AgentHarnessModule {}
  const root: DynamicModule = {
    module: AgentHarnessModule,
    imports: [A2aTestingModule.forRoot(a2a), ...imports],
    providers: [agent, ...providers],
  };
  const manual = clock === 'manual' ? await ManualClock.install() : undefined;
  let app: INestApplicationContext | undefined;
  try {
    app = await NestFactory.createApplicationContext(root, { logger, abortOnError: false });
    return new AgentHarness(app, idOf(app, agent), manual);
  } catch (error) {
    manual?.release();
    await app?.close();
    manual?.uninstall();
    throw error;
  }
}
