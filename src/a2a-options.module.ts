import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  type FactoryProvider,
  Module,
} from '@nestjs/common';
import { A2A_OPTIONS, type A2aModuleExtras, type A2aModuleOptions } from './a2a.options.js';
import { AUDIT_OPTIONS, auditOptions } from './audit/audit.options.js';
import { ByteBudget } from './common/byte-budget.js';
import { ClientLimits } from './common/client-limits.js';
import { logScopes } from './common/logging/log-context.options.js';
import { LogScopes } from './common/logging/log-scopes.js';
import { LIMITS_OPTIONS, type LimitsOptions, limitsOptions } from './common/limits.options.js';
import { KnownUsage } from './common/quotas/known-usage.js';
import { QuotaTable } from './common/quotas/quota.table.js';
import { quotaTable } from './execution/quota.defaults.js';
import { EXECUTION_OPTIONS, executionOptions } from './execution/execution.options.js';
import { PRINCIPAL_OPTIONS, principalOptions } from './security/principal.options.js';
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
    provide: QuotaTable,
    inject: [A2A_OPTIONS, LIMITS_OPTIONS, EXECUTION_OPTIONS],
    useFactory: quotaTable,
  },
  {
    provide: KnownUsage,
    useFactory: () => new KnownUsage(),
  },
  {
    provide: ClientLimits,
    inject: [ByteBudget, LIMITS_OPTIONS, QuotaTable, KnownUsage],
    useFactory: (budget: ByteBudget, limits: LimitsOptions, quotas: QuotaTable, usage: KnownUsage) =>
      new ClientLimits(budget, limits, quotas, usage),
  },
  {
    provide: LogScopes,
    inject: [A2A_OPTIONS],
    // Records name their request.
    useFactory: ({ logContext, audit }: A2aModuleOptions) => logScopes(logContext || audit !== undefined),
  },
  {
    provide: AUDIT_OPTIONS,
    inject: [A2A_OPTIONS],
    useFactory: ({ audit }: A2aModuleOptions) => auditOptions(audit),
  },
  {
    provide: RETENTION_OPTIONS,
    inject: [A2A_OPTIONS],
    useFactory: ({ retention }: A2aModuleOptions) => retentionOptions(retention),
  },
  {
    provide: PRINCIPAL_OPTIONS,
    inject: [A2A_OPTIONS],
    useFactory: ({ principal }: A2aModuleOptions) => principalOptions(principal),
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
