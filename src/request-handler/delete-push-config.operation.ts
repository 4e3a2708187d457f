import { Inject, Injectable } from '@nestjs/common';
import { taskNotFound } from '../protocol/errors/index.js';
import type { DeleteTaskPushNotificationConfigRequest } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { PUSH_CONFIG_STORE, type PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { PushConfigs } from './push-configs.js';

/** DeleteTaskPushNotificationConfig. Idempotent for an existing task. Nothing is sent afterwards. Spec 3.1.10. */
@Injectable()
export class DeletePushConfigOperation {
  constructor(
    private readonly configs: PushConfigs,
    @Inject(PUSH_CONFIG_STORE) private readonly store: PushNotificationConfigStore,
  ) {}

  async execute({ taskId, id }: DeleteTaskPushNotificationConfigRequest, caller: CallContext): Promise<void> {
    this.configs.assertSupported(caller);
    if (!(await this.store.delete(caller, taskId, id))) throw taskNotFound(taskId);
  }
}
