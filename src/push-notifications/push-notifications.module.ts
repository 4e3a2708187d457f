import { QuotaTable } from '../common/quotas/quota.table.js';
import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { OutboundHttp } from '../security/outbound/index.js';
import { A2A_METRICS, type Metrics, NO_METRICS } from '../common/metrics/metrics.interface.js';
import { A2A_TRACING, type Tracing } from '../common/tracing/tracing.interface.js';
import { OUTBOX, type Outbox } from '../tasks/outbox.interface.js';
import { PUSH_CONFIG_STORE, type PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { RUN_STORE, type RunStore } from '../tasks/run-store.interface.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { EventHandlers } from './event-handlers.js';
import { HandlerSender } from './handler.sender.js';
import { HttpPushNotificationSender } from './http-push-notification.sender.js';
import { NotificationBodies } from './notification-bodies.js';
import { ObservedSender } from './observed.sender.js';
import { OutboxDispatcher } from './outbox.dispatcher.js';
import { DeliveryCapacity } from './delivery-capacity.js';
import { PushConfigAdmission } from './push-config.admission.js';
import { PushConfigMaker } from './push-config.maker.js';
import { OpeningSender, PushConfigSecrets } from './push-config.secrets.js';
import { PushConfigQuota } from './push-config.quota.js';
import { TargetVerifier } from './target.verifier.js';
import { PUSH_NOTIFICATION_SENDER, type PushNotificationSender } from './push-notification-sender.interface.js';
import { PUSH_DEFAULTS, PUSH_OPTIONS, type PushNotificationsOptions } from './push-notifications.options.js';
import { TurnTraces } from './turn-traces.js';
import { WEBHOOK_SIGNER, WebhookSigner } from './signing/webhook.signer.js';

/**
 * Webhooks, and methods that get events as webhooks do. `imports` export the stores. `options` provides PUSH_OPTIONS; undefined: this
 * server has no webhooks, and delivers nothing to them, not even entries from before.
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
        EventHandlers,
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
          inject: [PUSH_OPTIONS, QuotaTable],
          useFactory: (given: PushNotificationsOptions = PUSH_DEFAULTS, quotas: QuotaTable) =>
            new DeliveryCapacity(given, (owner) => quotas.ofOwner(owner).webhookCallsPerSecond),
        },
        {
          provide: PushConfigAdmission,
          inject: [TASK_STORE, PUSH_CONFIG_STORE, OutboundHttp, DeliveryCapacity, QuotaTable, PUSH_OPTIONS],
          useFactory: (
            tasks: TaskStore,
            configs: PushNotificationConfigStore,
            http: OutboundHttp,
            capacity: DeliveryCapacity,
            quotas: QuotaTable,
            { verifyTargets, timeoutMs } = PUSH_DEFAULTS,
          ) =>
            new PushConfigAdmission(
              tasks,
              new PushConfigQuota(configs, quotas),
              verifyTargets ? new TargetVerifier(http, capacity, timeoutMs) : undefined,
            ),
        },
        {
          provide: PushConfigSecrets,
          inject: [PUSH_OPTIONS],
          useFactory: (given = PUSH_DEFAULTS) => new PushConfigSecrets(given),
        },
        {
          provide: WEBHOOK_SIGNER,
          inject: [PUSH_OPTIONS],
          useFactory: ({ signing } = PUSH_DEFAULTS) => WebhookSigner.create(signing),
        },
        {
          provide: PUSH_NOTIFICATION_SENDER,
          inject: [OutboundHttp, WEBHOOK_SIGNER, PUSH_OPTIONS],
          useFactory: (http: OutboundHttp, signer: WebhookSigner, { timeoutMs } = PUSH_DEFAULTS) =>
            new HttpPushNotificationSender(http, timeoutMs, signer),
        },
        {
          provide: OutboxDispatcher,
          inject: [
            OUTBOX,
            PUSH_CONFIG_STORE,
            PUSH_NOTIFICATION_SENDER,
            TASK_STORE,
            DeliveryCapacity,
            PushConfigSecrets,
            RUN_STORE,
            EventHandlers,
            PUSH_OPTIONS,
            { token: A2A_METRICS, optional: true },
            { token: A2A_TRACING, optional: true },
          ],
          useFactory: (
            outbox: Outbox,
            configs: PushNotificationConfigStore,
            sender: PushNotificationSender,
            tasks: TaskStore,
            capacity: DeliveryCapacity,
            secrets: PushConfigSecrets,
            runs: RunStore,
            handlers: EventHandlers,
            given?: PushNotificationsOptions,
            metrics: Metrics = NO_METRICS,
            tracing?: Tracing,
          ) => {
            const used = given ?? PUSH_DEFAULTS;
            const webhooks = new OpeningSender(sender, secrets);
            return new OutboxDispatcher(
              outbox,
              configs,
              new ObservedSender(new HandlerSender(handlers, webhooks, used.timeoutMs), metrics, tracing),
              new NotificationBodies(tasks, used.maxTaskBytes),
              used,
              capacity,
              metrics,
              tracing && new TurnTraces(tasks, runs),
              given ? undefined : handlers,
            );
          },
        },
      ],
      exports: [PUSH_OPTIONS, PushConfigMaker, PushConfigAdmission, PushConfigSecrets, WEBHOOK_SIGNER, EventHandlers],
    };
  }
}
