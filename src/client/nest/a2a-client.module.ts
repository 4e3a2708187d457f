import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import type {
  A2aClientModuleAsyncOptions,
  A2aClientModuleExtras,
  A2aClientModuleOptions,
} from './a2a-client.options.js';
import { A2aClients } from './a2a-clients.js';
import { getA2aClientToken } from './inject-a2a-client.decorator.js';

const A2A_CLIENT_OPTIONS = Symbol('A2aClientModuleOptions');

/** Lets providers call remote agents: `@InjectA2aClient('weather')` gives an `A2aClient`. */
@Module({})
export class A2aClientModule {
  /** @throws TypeError at boot, naming the agent whose options are invalid. */
  static forRoot<Name extends string>({
    isGlobal,
    ...options
  }: A2aClientModuleOptions<Name> & A2aClientModuleExtras): DynamicModule {
    const names = Object.keys(options.agents) as Name[];
    return A2aClientModule.forRootAsync({
      names,
      useFactory: () => options,
      ...(isGlobal !== undefined && { isGlobal }),
    });
  }

  /** For options that depend on other providers. The names are outside the factory, because they decide what can be injected. */
  static forRootAsync<Name extends string>({
    names,
    isGlobal = true,
    imports = [],
    useFactory,
    inject = [],
  }: A2aClientModuleAsyncOptions<Name>): DynamicModule {
    const options = { provide: A2A_CLIENT_OPTIONS, inject, useFactory } as FactoryProvider;
    const clients: FactoryProvider<A2aClients> = {
      provide: A2aClients,
      inject: [A2A_CLIENT_OPTIONS],
      useFactory: (given: A2aClientModuleOptions) => new A2aClients(names, given),
    };
    const each = names.map((name): FactoryProvider => ({
      provide: getA2aClientToken(name),
      inject: [A2aClients],
      useFactory: (all: A2aClients) => all.get(name),
    }));
    return {
      module: A2aClientModule,
      global: isGlobal,
      imports,
      providers: [options, clients, ...each],
      exports: each.map(({ provide }) => provide),
    };
  }
}
