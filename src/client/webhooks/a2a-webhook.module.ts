import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  type HttpServer,
  Inject,
  Module,
} from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost, MetadataScanner } from '@nestjs/core';
import { takeWebhookBodies } from './webhook-bodies.js';
import {
  type A2aWebhookOptions,
  type CheckedWebhookOptions,
  WEBHOOK_OPTIONS,
  webhookOptions,
} from './webhook.options.js';
import { WebhookRoutes } from './webhook.routes.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<A2aWebhookOptions>({
  moduleName: 'A2aWebhook',
})
  .setClassMethodName('forRoot')
  .build();

/** `useFactory` with `inject`, `useClass` or `useExisting`, and `imports` for what they need. */
export type A2aWebhookModuleAsyncOptions = ConfigurableModuleAsyncOptions<A2aWebhookOptions>;

/**
 * What methods with `@A2aWebhook()` need, in all controllers of the application. Import it once.
 *
 * @example
 * @Module({ imports: [A2aWebhookModule.forRoot({ token: process.env.WEBHOOK_TOKEN })], controllers: [HooksController] })
 */
@Module({})
export class A2aWebhookModule extends ConfigurableModuleClass {
  constructor(
    host: HttpAdapterHost,
    routes: WebhookRoutes,
    @Inject(WEBHOOK_OPTIONS) { bodyLimitBytes }: CheckedWebhookOptions,
  ) {
    super();
    const take = (): void => takeWebhookBodies(host.httpAdapter, routes.matches, bodyLimitBytes);
    // Before the application registers its own parsers. In tests the adapter comes after the modules; Nest 11 does not repeat init$.
    if (host.httpAdapter as HttpServer | undefined) take();
    else host.init$.subscribe(take);
  }

  /** @throws TypeError or RangeError at boot, naming the option that is wrong. */
  static override forRoot(options: A2aWebhookOptions): DynamicModule {
    return complete(super.forRoot(options));
  }

  /** For options that depend on other providers. */
  static override forRootAsync(options: A2aWebhookModuleAsyncOptions): DynamicModule {
    return complete(super.forRootAsync(options));
  }
}

const complete = (definition: DynamicModule): DynamicModule => ({
  ...definition,
  global: true,
  imports: [...(definition.imports ?? []), DiscoveryModule],
  providers: [
    ...(definition.providers ?? []),
    { provide: WEBHOOK_OPTIONS, inject: [MODULE_OPTIONS_TOKEN], useFactory: webhookOptions },
    MetadataScanner,
    WebhookRoutes,
  ],
  exports: [WEBHOOK_OPTIONS],
});
