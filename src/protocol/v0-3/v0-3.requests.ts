import { isObject } from '../../common/is-object.js';
import { asIs, type Decode, field, object } from '../decoding/shape.js';
import { MESSAGES } from '../messages/messages.js';
import { mapOperations, type OperationName } from '../operations.js';
import { v03Decoder } from './from-v0-3.js';
import { decodeV03PushConfig } from './push-config.js';

/** Params of `message/send`, `tasks/get` and so on. ListTasks is not in v0.3 over JSON-RPC. */
export const V03_REQUESTS: Readonly<Record<OperationName, Decode>> = {
  ...mapOperations((_name, { request }) => v03Decoder.of(MESSAGES[request])),
  // What v1.0 has flat stands below `pushNotificationConfig` here, beside the task's id.
  CreateTaskPushNotificationConfig: (params) => {
    if (!isObject(params)) return params;
    const config = decodeV03PushConfig(params.pushNotificationConfig);
    return { ...(isObject(config) && config), taskId: params.taskId };
  },
  // `id` is the task's; a config that is not named is ''.
  GetTaskPushNotificationConfig: (params) =>
    isObject(params) ? { taskId: params.id, id: params.pushNotificationConfigId ?? '' } : params,
  ListTaskPushNotificationConfigs: object({ taskId: field('id', asIs) }),
  DeleteTaskPushNotificationConfig: object({ taskId: field('id', asIs), id: field('pushNotificationConfigId', asIs) }),
};
