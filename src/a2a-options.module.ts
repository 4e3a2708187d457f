import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  type FactoryProvider,
  Module,
} from '@nestjs/common';
import { A2A_OPTIONS, type A2aModuleExtras, type A2aModuleOptions } from './a2a.options.js';
import { ByteBudget } from './common/byte-budget.js';
import { ClientLimits } from './common/client-limits.js';
import { LIMITS_OPTIONS, type LimitsOptions, limitsOptions } from './common/limits.options.js';
import { EXECUTION_OPTIONS, executionOptions } from './execution/execution.options.js';
import { TENANTS_OPTIONS, tenantsOptions } from './security/tenants.options.js';
import { RETENTION_OPTIONS, retentionOptions } from './tasks/retention/retention.options.js';

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<A2aModuleOptions>({
  optionsInjectionToken: A2A_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createA2aOptions')
  .setExtras<A2aModuleExtras>({ path: undefined, bindings: undefined })
  .build();

/** `useFactory` with `inject`, `useClass` or `useExisting`, and `imports` for what they need. */
export type A2aModuleAsyncOptions = ConfigurableModuleAsyncOptions<A2aModuleOptions, 'createA2aOptions'> &
  A2aModuleExtras;

const PROVIDERS: FactoryProvider[] = [
  {
    provide: EXECUTION_OPTIONS,
    inject: [A2A_OPTIONS],
    useFactory: ({ execution }: A2aModuleOptions) => executionOptions(execution),
  },
  {
    provide: LIMITS_OPTIONS,
    inject: [A2A_OPTIONS],
    useFactory: ({ limits }: A2aModuleOptions) => limitsOptions(limits),
  },
  {
    provide: ByteBudget,
    inject: [LIMITS_OPTIONS],
    useFactory: ({ maxBufferedBytes: maxBytes, maxBufferedBytesPerCaller: maxBytesPerOwner }: LimitsOptions) =>
      new ByteBudget({ maxBytes, maxBytesPerOwner }),
  },
  {
    provide: ClientLimits,
    inject: [ByteBudget, LIMITS_OPTIONS],
    useFactory: (budget: ByteBudget, limits: LimitsOptions) => new ClientLimits(budget, limits),
  },
  {
    provide: RETENTION_OPTIONS,
    inject: [A2A_OPTIONS],
    useFactory: ({ retention }: A2aModuleOptions) => retentionOptions(retention),
  },
  {
    provide: TENANTS_OPTIONS,
    inject: [A2A_OPTIONS],
    useFactory: ({ tenants }: A2aModuleOptions) => tenantsOptions(tenants),
  },
];

/** The options of A2aModule, checked and by their parts. */
@Module({})
export class A2aOptionsModule extends ConfigurableModuleClass {
  static override forRoot(options: A2aModuleOptions & A2aModuleExtras): DynamicModule {
    return withParts(super.forRoot(options));
  }

  static override forRootAsync(options: A2aModuleAsyncOptions): DynamicModule {
    return withParts(super.forRootAsync(options));
  }
}

const withParts = (definition: DynamicModule): DynamicModule => ({
  ...definition,
  providers: [...(definition.providers ?? []), ...PROVIDERS],
  exports: [A2A_OPTIONS, ...PROVIDERS.map(({ provide }) => provide)],
});
