import { Inject, Injectable } from '@nestjs/common';
import { invalidParams, pushConfigDisabled, pushConfigNotFound } from '../protocol/errors/index.js';
import type { GetTaskPushNotificationConfigRequest, TaskPushNotificationConfig } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import {
  PUSH_CONFIG_STORE,
  type PushConfig,
  type PushNotificationConfigStore,
} from '../tasks/push-config-store.interface.js';
import { withoutSecrets } from '../push-notifications/push-config.secrets.js';
import { PushConfigs, shownPushConfig } from './push-configs.js';

/** GetTaskPushNotificationConfig. Spec 3.1.8. */
@Injectable()
export class GetPushConfigOperation {
  constructor(
    private readonly configs: PushConfigs,
    @Inject(PUSH_CONFIG_STORE) private readonly store: PushNotificationConfigStore,
  ) {}

  /**
   * A v0.3 client that names no config means the one with the id of its task, else the oldest. Some name it `default`, which means the same
   * unless there is a config with that id. Of a disabled config the error says since when, and what its receiver last answered.
   */
  async execute(
    { taskId, id }: GetTaskPushNotificationConfigRequest,
    caller: CallContext,
  ): Promise<TaskPushNotificationConfig> {
    this.configs.assertSupported(caller);
    if (id === '' && caller.protocolVersion !== '0.3') {
      throw invalidParams([{ field: 'id', description: 'must not be empty' }]);
    }
    const config = id === '' ? await this.#unnamed(taskId, caller) : await this.#named(taskId, id, caller);
    if (!config) throw await this.#missing(taskId, id, caller);
    return shownPushConfig(withoutSecrets(config), taskId, caller);
  }

  /** Its owner is told if it was disabled. */
  async #missing(taskId: string, id: string, caller: CallContext): Promise<Error> {
    const unnamed = id === '' || (id === 'default' && caller.protocolVersion === '0.3');
    const disabled =
      (await this.store.disabled(caller, taskId, id || taskId)) ??
      (unnamed ? await this.store.disabled(caller, taskId) : undefined);
    return disabled ? pushConfigDisabled(taskId, disabled) : pushConfigNotFound(taskId, id);
  }

  async #named(taskId: string, id: string, caller: CallContext): Promise<PushConfig | undefined> {
    const named = await this.store.get(caller, taskId, id);
    return named ?? (id === 'default' && caller.protocolVersion === '0.3' ? this.#unnamed(taskId, caller) : undefined);
  }

  async #unnamed(taskId: string, caller: CallContext): Promise<PushConfig | undefined> {
    const named = await this.store.get(caller, taskId, taskId);
    return named ?? (await this.store.list(caller, taskId, { pageSize: 1 }))?.configs[0];
  }
}
