import { isObject } from '../../common/is-object.js';
import type { OperationName } from '../operations.js';
import { asIs, field, object, type Decode } from '../decoding/shape.js';
import { decodeV03Message, decodeV03State } from './from-v0-3.js';
import { decodeV03PushConfig } from './push-config.js';

/** JSON-RPC says `pushNotificationConfig`, the v0.3 proto `pushNotification`. */
export const PUSH_CONFIG_NAMES = ['pushNotificationConfig', 'pushNotification'] as const;

const not: Decode = (value) => (typeof value === 'boolean' ? !value : value);

/** `blocking` left out leaves `returnImmediately` out: what that means for a v0.3 client is a setting of the transport. */
const configuration = object({
  acceptedOutputModes: asIs,
  historyLength: asIs,
  taskPushNotificationConfig: field(PUSH_CONFIG_NAMES, decodeV03PushConfig),
  returnImmediately: field('blocking', not),
});

const send = object({ message: decodeV03Message, configuration, metadata: asIs });

/** Parameters of `message/send`, `message/stream`, `tasks/get`, `tasks/cancel`, `tasks/resubscribe`. v0.3 has no tenant. */
export const V03_REQUESTS: Record<OperationName, Decode> = {
  SendMessage: send,
  SendStreamingMessage: send,
  GetTask: object({ id: asIs, historyLength: asIs }),
  // v0.3 has no such method over JSON-RPC; its names are those of v1.0 where it needs them.
  ListTasks: object({
    contextId: asIs,
    status: decodeV03State,
    pageSize: asIs,
    pageToken: asIs,
    historyLength: asIs,
    statusTimestampAfter: asIs,
    includeArtifacts: asIs,
  }),
  CancelTask: object({ id: asIs, metadata: asIs }),
  SubscribeToTask: object({ id: asIs }),
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
  GetExtendedAgentCard: object({}),
};
