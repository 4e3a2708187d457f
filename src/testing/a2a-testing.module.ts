import { type DynamicModule, Module } from '@nestjs/common';
import { A2aModule } from '../a2a.module.js';
import type { A2aModuleExtras, A2aModuleOptions } from '../a2a.options.js';
import { testingOptions } from './module-defaults.js';

/**
 * `A2aModule` for tests: memory as storage, webhooks may be on loopback, and the shutdown waits half a second at most. Options are those of
 * `A2aModule.forRoot`, and replace these defaults. It is global, so that every module of the test can inject `A2aTasks`.
 *
 * @example
 * const app = await Test.createTestingModule({ imports: [A2aTestingModule.forRoot(), ShopModule] })
 *   .overrideProvider(ShopAgent)
 *   .useValue({ execute: async (_, updater) => updater.complete('stub') })
 *   .compile();
 * await app.init();
 * const harness = harnessOf(app, ShopAgent);
 */
@Module({})
export class A2aTestingModule {
  static forRoot(options: A2aModuleOptions & A2aModuleExtras = {}): DynamicModule {
    return {
      module: A2aTestingModule,
      global: true,
      imports: [A2aModule.forRoot(testingOptions(options))],
      exports: [A2aModule],
    };
  }
}
