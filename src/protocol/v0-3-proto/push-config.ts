import { isObject } from '../../common/is-object.js';
import { asIs, object, optionalText, type Decode } from '../decoding/shape.js';
import type { TaskPushNotificationConfig } from '../model/index.js';
import { decodeV03PushConfig, pushConfigToV03 } from '../v0-3/push-config.js';
import type { ProtoTaskPushNotificationConfig } from './proto.model.js';
import { configName } from './resource-name.js';

/** In a proto an authentication that says nothing is as good as none. */
const authentication: Decode = (given) => {
  if (!isObject(given)) return given;
  const { schemes, credentials } = given;
  const says = (Array.isArray(schemes) ? schemes.length > 0 : Boolean(schemes)) || Boolean(credentials);
  return says ? given : undefined;
};

/** The config itself is what JSON-RPC has, but for what has no presence. */
const withoutEmpty = object({ id: optionalText, url: asIs, token: optionalText, authentication });

export const decodeProtoPushConfig: Decode = (value) => decodeV03PushConfig(withoutEmpty(value));

export const taskPushConfigToProto = (config: TaskPushNotificationConfig): ProtoTaskPushNotificationConfig => ({
  name: configName(config.taskId ?? '', config.id ?? ''),
  pushNotificationConfig: pushConfigToV03(config),
});
