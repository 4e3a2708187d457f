import { asIs, field, isObject, object, type Decode } from '../decoding/shape.js';
import type { TaskPushNotificationConfig } from '../model/index.js';
import type { V03PushNotificationConfig } from './v0-3.model.js';

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

/** v1.0 has one `scheme` where v0.3 has a list. */
export const decodeV03PushConfig: Decode = object({
  id: asIs,
  url: asIs,
  token: asIs,
  authentication: object({ scheme: field('schemes', oneScheme), credentials: asIs }),
});

/** The list of schemes as the client wrote it, to be stored beside the config and given back. */
export function v03Schemes(config: unknown): string[] | undefined {
  const authentication = isObject(config) ? config.authentication : undefined;
  const schemes = isObject(authentication) ? authentication.schemes : undefined;
  return Array.isArray(schemes) ? schemes.filter((scheme) => typeof scheme === 'string') : undefined;
}

/** `schemes`: the list the client once gave (`v03Schemes`); default: the one scheme of the config. */
export function pushConfigToV03(
  config: TaskPushNotificationConfig,
  schemes?: readonly string[],
): V03PushNotificationConfig {
  const { id, url, token, authentication } = config;
  return {
    ...(id !== undefined && { id }),
    url,
    ...(token !== undefined && { token }),
    ...(authentication && {
      authentication: {
        schemes: [...(schemes ?? [authentication.scheme])],
        ...(authentication.credentials !== undefined && { credentials: authentication.credentials }),
      },
    }),
  };
}
