import { Inject, Injectable } from '@nestjs/common';
import { taskNotFound } from '../protocol/errors/index.js';
import type { CreateTaskPushNotificationConfigRequest, TaskPushNotificationConfig } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { PUSH_CONFIG_STORE, type PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { PushConfigs, shownPushConfig } from './push-configs.js';

/**
 * CreateTaskPushNotificationConfig. Replaces an existing config with the same id. The answer is the only one that shows its secrets.
 * Spec 3.1.7.
 */
@Injectable()
export class CreatePushConfigOperation {
  constructor(
    private readonly configs: PushConfigs,
    @Inject(PUSH_CONFIG_STORE) private readonly store: PushNotificationConfigStore,
  ) {}

  async execute(
    request: CreateTaskPushNotificationConfigRequest,
    caller: CallContext,
  ): Promise<TaskPushNotificationConfig> {
    this.configs.assertSupported(caller);
    const { taskId } = request;
    const config = this.configs.make(request, taskId, caller);
    await this.configs.admit(config, taskId, caller);
    const result = await this.store.put(caller, taskId, this.configs.sealed(config, taskId), this.configs.limit);
    if (result === 'missing') throw taskNotFound(taskId);
    if (result === 'full') throw this.configs.tooMany(taskId);
    return shownPushConfig(config, taskId, caller);
  }
}
