import { Inject, Injectable } from '@nestjs/common';
import { taskNotFound } from '../protocol/errors/index.js';
import type {
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
} from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { PUSH_CONFIG_STORE, type PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { withoutSecrets } from '../push-notifications/push-config.secrets.js';
import { PushConfigs, shownPushConfig } from './push-configs.js';

/** More than a task can have: v0.3 over JSON-RPC has no pages. */
const ALL = 100;

/** ListTaskPushNotificationConfigs. Spec 3.1.9. */
@Injectable()
export class ListPushConfigsOperation {
  constructor(
    private readonly configs: PushConfigs,
    @Inject(PUSH_CONFIG_STORE) private readonly store: PushNotificationConfigStore,
  ) {}

  async execute(
    { taskId, pageSize, pageToken }: ListTaskPushNotificationConfigsRequest,
    caller: CallContext,
  ): Promise<ListTaskPushNotificationConfigsResponse> {
    this.configs.assertSupported(caller);
    const size = pageSize ?? (caller.protocolVersion === '0.3' ? ALL : undefined);
    const page = await this.store.list(caller, taskId, { pageSize: size, pageToken });
    if (!page) throw taskNotFound(taskId);
    return {
      configs: page.configs.map((config) => shownPushConfig(withoutSecrets(config), taskId, caller)),
      nextPageToken: page.nextPageToken,
    };
  }
}
