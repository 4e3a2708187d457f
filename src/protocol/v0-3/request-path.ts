import { isObject } from '../decoding/shape.js';
import { v03PartPath } from './part.from-v0-3.js';
import { chosenScheme } from './push-config.js';
import { PUSH_CONFIG_NAMES } from './v0-3.requests.js';

const PART_MEMBER = /^message\.parts\[(\d+)\]\.(\w+)/;
const PUSH_CONFIG = /^configuration\.taskPushNotificationConfig\b/;
const SCHEME = /\.authentication\.scheme$/;

/**
 * Names of the client's own fields for canonical paths of a SendMessage request. It looks at what the client sent only
 * when a path is asked for: a request without faults pays nothing.
 */
export const sendMessagePath =
  (params: unknown) =>
  (canonical: string): string => {
    if (canonical === 'configuration.returnImmediately') return 'configuration.blocking';
    if (PUSH_CONFIG.test(canonical)) return pushConfigPath(member(params, 'configuration'), canonical);
    return canonical.replace(PART_MEMBER, (_whole, index: string, name: string) => {
      const parts = member(member(params, 'message'), 'parts');
      const part: unknown = Array.isArray(parts) ? parts[Number(index)] : undefined;
      return `message.parts[${index}].${v03PartPath(part, name)}`;
    });
  };

function pushConfigPath(configuration: unknown, canonical: string): string {
  const used = PUSH_CONFIG_NAMES.find((name) => (member(configuration, name) ?? null) !== null) ?? PUSH_CONFIG_NAMES[0];
  const schemes = member(member(member(configuration, used), 'authentication'), 'schemes');
  const index = Array.isArray(schemes) && schemes.length > 0 ? `[${chosenScheme(schemes)}]` : '';
  return canonical.replace(PUSH_CONFIG, `configuration.${used}`).replace(SCHEME, `.authentication.schemes${index}`);
}

const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
