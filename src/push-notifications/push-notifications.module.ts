import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { OutboundHttp } from '../security/outbound/index.js';
import { OUTBOX, type Outbox } from '../tasks/outbox.interface.js';
import { PUSH_CONFIG_STORE, type PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { HttpPushNotificationSender } from './http-push-notification.sender.js';
import { NotificationBodies } from './notification-bodies.js';
import { OutboxDispatcher } from './outbox.dispatcher.js';
import { DeliveryCapacity } from './delivery-capacity.js';
import { PushConfigAdmission } from './push-config.admission.js';
import { PushConfigMaker } from './push-config.maker.js';
import { PushConfigQuota } from './push-config.quota.js';
import { TargetVerifier } from './target.verifier.js';
import { PUSH_NOTIFICATION_SENDER, type PushNotificationSender } from './push-notification-sender.interface.js';
import { PUSH_DEFAULTS, PUSH_OPTIONS, type PushNotificationsOptions } from './push-notifications.options.js';

/**
 * Webhooks. `imports` export the stores. `options` provides PUSH_OPTIONS; undefined: this server has no webhooks, and delivers
 * nothing, not even entries from before.
 */
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
        {
          provide: DeliveryCapacity,
          inject: [PUSH_OPTIONS],
          useFactory: (given = PUSH_DEFAULTS) => new DeliveryCapacity(given),
        },
        {
          provide: PushConfigAdmission,
          inject: [TASK_STORE, PUSH_CONFIG_STORE, OutboundHttp, DeliveryCapacity, PUSH_OPTIONS],
          useFactory: (
            tasks: TaskStore,
            configs: PushNotificationConfigStore,
            http: OutboundHttp,
            capacity: DeliveryCapacity,
            { maxConfigsPerOwner, verifyTargets, timeoutMs } = PUSH_DEFAULTS,
          ) =>
            new PushConfigAdmission(
              tasks,
              new PushConfigQuota(configs, maxConfigsPerOwner),
              verifyTargets ? new TargetVerifier(http, capacity, timeoutMs) : undefined,
            ),
        },
        {
          provide: PUSH_NOTIFICATION_SENDER,
          inject: [OutboundHttp, PUSH_OPTIONS],
          useFactory: (http: OutboundHttp, { timeoutMs } = PUSH_DEFAULTS) =>
            new HttpPushNotificationSender(http, timeoutMs),
        },
        {
          provide: OutboxDispatcher,
          inject: [OUTBOX, PUSH_CONFIG_STORE, PUSH_NOTIFICATION_SENDER, TASK_STORE, DeliveryCapacity, PUSH_OPTIONS],
          useFactory: (
            outbox: Outbox,
            configs: PushNotificationConfigStore,
            sender: PushNotificationSender,
            tasks: TaskStore,
            capacity: DeliveryCapacity,
            given?: PushNotificationsOptions,
          ) =>
            given &&
            new OutboxDispatcher(
              outbox,
              configs,
              sender,
              new NotificationBodies(tasks, given.maxTaskBytes),
              given,
              capacity,
            ),
        },
      ],
      exports: [PUSH_OPTIONS, PushConfigMaker, PushConfigAdmission],
    };
  }
}
