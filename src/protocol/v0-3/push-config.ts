import { isObject } from '../../common/is-object.js';
import { asIs, field, object, type Decode } from '../decoding/shape.js';
import type { TaskPushNotificationConfig } from '../model/index.js';
import type { V03PushNotificationConfig, V03TaskPushNotificationConfig } from './v0-3.model.js';

/** Authentication schemes this server can deliver with. */
const SUPPORTED = new Set(['bearer', 'basic']);

/** Index of the scheme to deliver with: the first that is supported, else the first. */
export function chosenScheme(schemes: readonly unknown[]): number {
  return Math.max(
    0,
    schemes.findIndex((scheme) => typeof scheme === 'string' && SUPPORTED.has(scheme.toLowerCase())),
  );
}

const oneScheme: Decode = (schemes) => (Array.isArray(schemes) ? schemes[chosenScheme(schemes)] : schemes);

const authentication: Decode = (given) => {
  const decoded = object({ scheme: field('schemes', oneScheme), credentials: asIs })(given);
  const schemes = isObject(given) ? given.schemes : undefined;
  return isObject(decoded) && Array.isArray(schemes) ? { ...decoded, schemes } : decoded;
};

/** v1.0 has one `scheme` where v0.3 has a list; the list is kept beside it. */
export const decodeV03PushConfig: Decode = object({ id: asIs, url: asIs, token: asIs, authentication });

export function pushConfigToV03(config: TaskPushNotificationConfig): V03PushNotificationConfig {
  const { id, url, token, authentication } = config;
  return {
    ...(id !== undefined && { id }),
    url,
    ...(token !== undefined && { token }),
    ...(authentication && {
      authentication: {
        schemes: [...(authentication.schemes ?? [authentication.scheme])],
        ...(authentication.credentials !== undefined && { credentials: authentication.credentials }),
      },
    }),
  };
}

/** A config as v0.3 names it over JSON-RPC: below its task's id. */
export const taskPushConfigToV03 = (config: TaskPushNotificationConfig): V03TaskPushNotificationConfig => ({
  taskId: config.taskId ?? '',
  pushNotificationConfig: pushConfigToV03(config),
});
