import { Inject, Injectable } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry } from '../agents/agent-registry.interface.js';
import { invalidParams, pushNotificationNotSupported, resourceExhausted } from '../protocol/errors/index.js';
import type { SendMessageRequest, TaskPushNotificationConfig } from '../protocol/model/index.js';
import { PushConfigAdmission } from '../push-notifications/push-config.admission.js';
import { PushConfigMaker } from '../push-notifications/push-config.maker.js';
import { PushConfigSecrets } from '../push-notifications/push-config.secrets.js';
import {
  PUSH_DEFAULTS,
  PUSH_OPTIONS,
  type PushNotificationsOptions,
} from '../push-notifications/push-notifications.options.js';
import type { CallContext } from '../security/call-context.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';

const INLINE = 'configuration.taskPushNotificationConfig.';

/** What the push notification config operations share. */
@Injectable()
export class PushConfigs {
  /** Maximum configs of a task. */
  readonly limit: number;

  constructor(
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    private readonly maker: PushConfigMaker,
    private readonly admission: PushConfigAdmission,
    private readonly secrets: PushConfigSecrets,
    @Inject(PUSH_OPTIONS) options: PushNotificationsOptions | undefined,
  ) {
    this.limit = options?.maxConfigsPerTask ?? PUSH_DEFAULTS.maxConfigsPerTask;
  }

  /** Throws PUSH_NOTIFICATION_NOT_SUPPORTED unless the agent's card declares support. Spec 3.3.4. */
  assertSupported({ agent }: CallContext): void {
    if (!this.agents.get(agent)?.options.pushNotifications) throw pushNotificationNotSupported();
  }

  /** See PushConfigMaker. */
  make(given: TaskPushNotificationConfig, taskId: string, caller: CallContext, within?: string): PushConfig {
    return this.maker.make(given, taskId, caller, within);
  }

  /** The config that came with a message for this task, if any. Spec 3.2.2. */
  inline({ message, configuration }: SendMessageRequest, taskId: string, caller: CallContext): PushConfig | undefined {
    const given = configuration?.taskPushNotificationConfig;
    if (!given) return undefined;
    if (given.taskId && given.taskId !== message.taskId) {
      throw invalidParams([{ field: `${INLINE}taskId`, description: 'must be empty, or the taskId of the message' }]);
    }
    return this.make(given, taskId, caller, INLINE);
  }

  /** See PushConfigAdmission. */
  admit(config: PushConfig, taskId: string, caller: CallContext): Promise<void> {
    return this.admission.admit(config, taskId, caller);
  }

  /** `admit` for a config that came with a message: it is for the new task or for the task that the message names. */
  admitInline(config: PushConfig, taskId: string, { message }: SendMessageRequest, caller: CallContext): Promise<void> {
    return this.admission.admit(config, taskId, caller, { within: INLINE, isNew: message.taskId === undefined });
  }

  /** As it is stored: its secrets are encrypted if there are keys. */
  sealed(config: PushConfig, taskId: string): PushConfig {
    return this.secrets.seal(config, taskId);
  }

  tooMany(taskId: string): Error {
    return resourceExhausted(
      `Task ${taskId} has ${this.limit} push notification configs, which is the limit. Delete one of them first.`,
    );
  }
}

/** The request as it is stored and shown to agents: they must not see the webhook and its secrets. */
export function withoutPushConfig(request: SendMessageRequest): SendMessageRequest {
  if (request.configuration?.taskPushNotificationConfig === undefined) return request;
  const { taskPushNotificationConfig: _, ...configuration } = request.configuration;
  return { ...request, configuration };
}

/** As shown to its owner. Once it is stored, without its secrets: see `withoutSecrets`. */
export const shownPushConfig = (
  { wireVersion: _, ...config }: PushConfig,
  taskId: string,
  { tenant }: CallContext,
): TaskPushNotificationConfig => ({ ...(tenant !== '' && { tenant }), taskId, ...config });
