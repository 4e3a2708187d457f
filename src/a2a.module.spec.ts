import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DynamicModule, Injectable, type InjectionToken, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { agentOf } from '../test/support/agent-of.js';
import { createTestDatabase, type TestDatabase } from '../test/support/test-database.js';
import { A2aModule } from './a2a.module.js';
import { A2A_OPTIONS, type A2aModuleOptions, type A2aOptionsFactory } from './a2a.options.js';
import { EVENT_BUS, type EventBus } from './events/event-bus.interface.js';
import { InProcessEventBus } from './events/in-process.event-bus.js';
import { RelayedEventBus } from './events/bus/relayed.event-bus.js';
import type { A2aStorage } from './storage/a2a-storage.interface.js';
import { memoryStorage } from './storage/memory.storage.js';
import { postgresStorage } from './storage/postgres.storage.js';
import { A2A_CONNECTION } from './storage/storage.module.js';
import { STORES } from './tasks/tasks.module.js';

/** The values of the tokens, while an application with these modules is up. */
async function provided(imports: DynamicModule[], ...tokens: InjectionToken[]): Promise<unknown[]> {
  @Module({ imports, providers: [agentOf(async () => undefined)] })
  class TestModule {}
  const app = await NestFactory.create(TestModule, { logger: false, abortOnError: false });
  try {
    await app.init();
    return tokens.map((token) => app.get<unknown>(token, { strict: false }));
  } finally {
    await app.close();
  }
}

describe('A2aModule', () => {
  const options: A2aModuleOptions = { publicUrl: 'https://agents.example.com' };

  @Injectable()
  class Settings implements A2aOptionsFactory {
    createA2aOptions = async (): Promise<A2aModuleOptions> => options;
  }

  @Module({ providers: [Settings], exports: [Settings] })
  class SettingsModule {}

  it.each([
    ['forRoot', A2aModule.forRoot({ path: '/bots', ...options })],
    ['useFactory', A2aModule.forRootAsync({ path: '/bots', useFactory: async () => options })],
    ['useClass', A2aModule.forRootAsync({ path: '/bots', useClass: Settings })],
    ['useExisting', A2aModule.forRootAsync({ path: '/bots', imports: [SettingsModule], useExisting: Settings })],
    [
      'useFactory with inject',
      A2aModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: (settings: Settings) => settings.createA2aOptions(),
      }),
    ],
  ])('takes its options by %s', async (_, module) => {
    const [given] = await provided([module], A2A_OPTIONS);
    expect(given).toEqual(options);
  });

  it('opens a storage of the application, gives it what it asks for, and closes it when all is over', async () => {
    const calls: unknown[] = [];
    const storage: A2aStorage = {
      name: 'own',
      shared: false,
      inject: ['Region'],
      open: async ({ logger }, region) => {
        logger.debug?.('opening');
        calls.push(['open', region]);
        const stores = await memoryStorage().open({ logger });
        return {
          ...stores,
          flush: async () => void calls.push('flush'),
          close: async () => void calls.push('close'),
        };
      },
    };
    @Module({ providers: [{ provide: 'Region', useValue: 'eu' }], exports: ['Region'] })
    class RegionModule {}
    const region: DynamicModule = { module: RegionModule, global: true };
    const [stores, bus] = await provided([region, A2aModule.forRoot({ storage })], STORES, EVENT_BUS);
    expect(stores).toHaveProperty('tasks');
    expect(bus).toBeInstanceOf(InProcessEventBus);
    expect(calls).toEqual([['open', 'eu'], 'flush', 'close']);
  });
});

describe('A2aModule on Postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const dataSourceOf = async (...imports: DynamicModule[]): Promise<unknown[]> =>
    provided(imports, getDataSourceToken(A2A_CONNECTION), EVENT_BUS, STORES);

  it('opens what a factory gives, and provides its DataSource', async () => {
    const useFactory = (): A2aModuleOptions => ({ storage: postgresStorage({ url: database.url }) });
    const [dataSource, bus] = await dataSourceOf(A2aModule.forRootAsync({ useFactory }));
    expect(dataSource).toMatchObject({ options: { applicationName: 'nest-a2a' }, isInitialized: false });
    expect(bus).toBeInstanceOf(RelayedEventBus);
  });

  it('stands on the DataSource of the application, by its token or from a factory', async () => {
    const application = (): DynamicModule => TypeOrmModule.forRoot({ type: 'postgres', url: database.url });
    const inFactory = A2aModule.forRootAsync({
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => ({ storage: postgresStorage({ dataSource }) }),
    });
    const byToken = A2aModule.forRoot({ storage: postgresStorage({ dataSource: getDataSourceToken() }) });
    for (const module of [byToken, inFactory]) {
      const [dataSource, bus] = await dataSourceOf(application(), module);
      expect((dataSource as DataSource).options).toEqual({ type: 'postgres', url: database.url });
      expect(bus as EventBus).toBeInstanceOf(RelayedEventBus);
    }
  });
});
