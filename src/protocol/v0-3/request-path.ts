import { isObject } from '../../common/is-object.js';
import type { OperationName } from '../operations.js';
import { v03PartPath } from './part.from-v0-3.js';
import { chosenScheme } from './push-config.js';
import { PUSH_CONFIG_NAMES } from './from-v0-3.js';

const PART_MEMBER = /^message\.parts\[(\d+)\]\.(\w+)/;
const PUSH_CONFIG = /^configuration\.taskPushNotificationConfig\b/;
const SCHEME = /\.authentication\.scheme$/;

/**
 * Names of the client's own fields for canonical paths of a request. It looks at what the client sent only when a path is
 * asked for: a request without faults pays nothing.
 */
export const requestPath =
  (request: OperationName, params: unknown) =>
  (canonical: string): string => {
    switch (request) {
      case 'SendMessage':
      case 'SendStreamingMessage':
        return sendMessagePath(params, canonical);
      case 'CreateTaskPushNotificationConfig':
        return canonical === 'taskId' ? canonical : createPath(params, canonical);
      case 'GetTaskPushNotificationConfig':
      case 'ListTaskPushNotificationConfigs':
      case 'DeleteTaskPushNotificationConfig':
        return CONFIG_IDS[canonical] ?? canonical;
      default:
        return canonical;
    }
  };

/** `id` is the task's. */
const CONFIG_IDS: Readonly<Record<string, string>> = { taskId: 'id', id: 'pushNotificationConfigId' };

function sendMessagePath(params: unknown, canonical: string): string {
  if (canonical === 'configuration.returnImmediately') return 'configuration.blocking';
  if (PUSH_CONFIG.test(canonical)) {
    const given = member(params, 'configuration');
    const used = PUSH_CONFIG_NAMES.find((name) => (member(given, name) ?? null) !== null) ?? PUSH_CONFIG_NAMES[0];
    return schemePath(member(given, used), canonical.replace(PUSH_CONFIG, `configuration.${used}`));
  }
  return canonical.replace(PART_MEMBER, (_whole, index: string, name: string) => {
    const parts = member(member(params, 'message'), 'parts');
    const part: unknown = Array.isArray(parts) ? parts[Number(index)] : undefined;
    return `message.parts[${index}].${v03PartPath(part, name)}`;
  });
}

const createPath = (params: unknown, canonical: string): string =>
  schemePath(member(params, 'pushNotificationConfig'), `pushNotificationConfig.${canonical}`);

function schemePath(config: unknown, path: string): string {
  const schemes = member(member(config, 'authentication'), 'schemes');
  const index = Array.isArray(schemes) && schemes.length > 0 ? `[${chosenScheme(schemes)}]` : '';
  return path.replace(SCHEME, `.authentication.schemes${index}`);
}

const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
