import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { A2aModule } from '../a2a.module.js';

describe('a module that is imported once', () => {
  const boot = async (first: object, second: object): Promise<void> => {
    @Module({ imports: [first as never] })
    class OrdersModule {}
    @Module({ imports: [OrdersModule, second as never] })
    class RootModule {}
    const app = await NestFactory.createApplicationContext(RootModule, { logger: false, abortOnError: false });
    await app.close();
  };

  it('refuses a second import, also with another path, by the names of the importers', async () => {
    await expect(boot(A2aModule.forRoot(), A2aModule.forRoot({ path: '/bots' }))).rejects.toThrow(
      /A2aModule is imported 2 times, by (RootModule and OrdersModule|OrdersModule and RootModule).*import it once/,
    );
  });

  it('refuses an import without options', async () => {
    await expect(boot(A2aModule, class Other {})).rejects.toThrow(
      /without its options, by OrdersModule.*A2aModule\.forRoot\(\)/,
    );
  });

  it('may be imported by several modules as one value', async () => {
    const a2a = A2aModule.forRoot();
    await expect(boot(a2a, a2a)).resolves.toBeUndefined();
  });
});
