import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { OutboundHttp } from '../security/outbound/index.js';
import { PushConfigMaker } from './push-config.maker.js';
import { PUSH_OPTIONS, type PushNotificationsOptions } from './push-notifications.options.js';

/** Webhooks. `options` brings PUSH_OPTIONS, which are undefined when this server has none. */
@Module({})
export class PushNotificationsModule {
  static register(
    imports: DynamicModule['imports'],
    options: FactoryProvider<PushNotificationsOptions | undefined>,
  ): DynamicModule {
    return {
      module: PushNotificationsModule,
      imports,
      providers: [
        options,
        {
          provide: OutboundHttp,
          inject: [PUSH_OPTIONS],
          useFactory: (given?: PushNotificationsOptions) =>
            new OutboundHttp({ allow: given?.allowedHosts, requireHttps: given?.requireHttps }),
        },
        {
          provide: PushConfigMaker,
          inject: [OutboundHttp],
          useFactory: ({ guard }: OutboundHttp) => new PushConfigMaker(guard),
        },
      ],
      exports: [PUSH_OPTIONS, PushConfigMaker],
    };
  }
}
