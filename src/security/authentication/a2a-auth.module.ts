import {
  ConfigurableModuleBuilder,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  Module,
} from '@nestjs/common';
import { ApiKeyAuthenticator } from './api-keys/api-key.authenticator.js';
import { STORED_API_KEYS_SOURCE, StorageApiKeys, type StoredApiKeysSource } from './api-keys/storage-api-keys.js';
import { A2A_AUTHENTICATION, Authentication } from './authentication.js';
import { A2A_AUTH_OPTIONS, type A2aAuthOptions, authSettings } from './authentication.options.js';

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<A2aAuthOptions>({
  optionsInjectionToken: A2A_AUTH_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createA2aAuthOptions')
  .build();

/** What `forRootAsync({ useClass })` and `useExisting` take. */
export interface A2aAuthOptionsFactory {
  createA2aAuthOptions(): A2aAuthOptions | Promise<A2aAuthOptions>;
}

/** Options of `A2aAuthModule.forRootAsync`. */
export type A2aAuthAsyncOptions = ConfigurableModuleAsyncOptions<A2aAuthOptions, 'createA2aAuthOptions'>;

/**
 * Identifies the callers of all agents, over JSON-RPC, HTTP+JSON and gRPC, before a request's body is read. Agent cards declare its
 * schemes and what they require. Import it beside `A2aModule`, once.
 *
 * @example
 * imports: [A2aModule.forRoot(), A2aAuthModule.forRoot({ authenticators: [oidc({ issuer: 'https://id.example.com', audience: 'agents' })] })]
 */
@Module({})
export class A2aAuthModule extends ConfigurableModuleClass {
  static override forRoot(options: A2aAuthOptions): DynamicModule {
    return everywhere(super.forRoot(options));
  }

  /** `useFactory` with `inject`, `useClass` or `useExisting`, and `imports` for what they need. */
  static override forRootAsync(options: A2aAuthAsyncOptions): DynamicModule {
    return everywhere(super.forRootAsync(options));
  }
}

const everywhere = (definition: DynamicModule): DynamicModule => ({
  ...definition,
  global: true,
  providers: [
    ...(definition.providers ?? []),
    {
      provide: A2A_AUTHENTICATION,
      inject: [A2A_AUTH_OPTIONS, { token: STORED_API_KEYS_SOURCE, optional: true }],
      useFactory: async (options: A2aAuthOptions, stored?: StoredApiKeysSource): Promise<Authentication> => {
        const authentication = new Authentication(authSettings(options));
        for (const { store } of options.authenticators.filter((each) => each instanceof ApiKeyAuthenticator)) {
          if (store instanceof StorageApiKeys) store.readFrom(stored);
        }
        await authentication.start();
        return authentication;
      },
    },
  ],
  exports: [A2A_AUTHENTICATION],
});
