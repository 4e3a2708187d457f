import { asIs, object, optionalText, type Decode } from '../decoding/shape.js';
import type { TaskPushNotificationConfig } from '../model/index.js';
import { decodeV03PushConfig, pushConfigToV03 } from '../v0-3/push-config.js';
import type { ProtoTaskPushNotificationConfig } from './proto.model.js';
import { configName } from './resource-name.js';

/** The config itself is what JSON-RPC has, but for strings without presence. */
const withoutEmpty = object({ id: optionalText, url: asIs, token: optionalText, authentication: asIs });

export const decodeProtoPushConfig: Decode = (value) => decodeV03PushConfig(withoutEmpty(value));

export const taskPushConfigToProto = (config: TaskPushNotificationConfig): ProtoTaskPushNotificationConfig => ({
  name: configName(config.taskId ?? '', config.id ?? ''),
  pushNotificationConfig: pushConfigToV03(config),
});
