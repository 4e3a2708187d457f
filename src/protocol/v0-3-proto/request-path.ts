import { isObject } from '../../common/is-object.js';
import type { OperationName } from '../operations.js';
import { snakeCase } from '../decoding/shape.js';
import { chosenScheme } from '../v0-3/push-config.js';
import { CONTENT_NAMES, MESSAGE_NAMES, PUSH_CONFIG_NAMES } from './from-proto.js';
import { protoPartPath } from './part.from-proto.js';

const PART = /^message\.parts\b(?:\[(\d+)\](?:\.(\w+))?)?/;
const PUSH_CONFIG = /^configuration\.taskPushNotificationConfig\b/;
const SCHEME = /\bauthentication\.scheme$/;

/**
 * Names of the client's own fields for canonical paths: `message.parts[0].url` is `message.content[0].file.fileWithUri`.
 * It looks at what the client sent only when a path is asked for: a request without faults pays nothing.
 */
export const protoPath =
  (request: OperationName, params: unknown) =>
  (canonical: string): string =>
    asWritten(params, wirePath(request, params, canonical));

function wirePath(request: OperationName, params: unknown, canonical: string): string {
  switch (request) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      return sendMessagePath(params, canonical);
    case 'CreateTaskPushNotificationConfig':
      return createPath(params, canonical);
    default:
      return resourcePath(params, canonical);
  }
}

function sendMessagePath(params: unknown, canonical: string): string {
  if (canonical === 'configuration.returnImmediately') return 'configuration.blocking';
  if (PUSH_CONFIG.test(canonical)) {
    const given = member(params, 'configuration');
    const used = usedName(given, PUSH_CONFIG_NAMES);
    return schemePath(member(given, used), canonical.replace(PUSH_CONFIG, `configuration.${used}`));
  }
  const name = usedName(params, MESSAGE_NAMES);
  const message = member(params, name);
  return canonical
    .replace(PART, (_whole, index: string | undefined, field: string | undefined) => {
      const list = usedName(message, CONTENT_NAMES);
      if (index === undefined) return `message.${list}`;
      const parts = member(message, list);
      const part: unknown = Array.isArray(parts) ? parts[Number(index)] : undefined;
      return `message.${list}[${index}]${field === undefined ? '' : `.${protoPartPath(part, field)}`}`;
    })
    .replace(/^message\b/, name);
}

/** A config is below `pushNotificationConfig`, in the rpc's request below `config` too; its task is in a resource name. */
function createPath(params: unknown, canonical: string): string {
  if (canonical === 'taskId') return resourcePath(params, canonical);
  const within = isObject(member(params, 'config')) ? 'config.' : '';
  const config = member(within === '' ? params : member(params, 'config'), 'pushNotificationConfig');
  return schemePath(config, `${within}pushNotificationConfig.${canonical}`);
}

function resourcePath(params: unknown, canonical: string): string {
  if ((canonical !== 'id' && canonical !== 'taskId') || member(params, canonical) !== undefined) return canonical;
  return ['name', 'parent'].find((name) => member(params, name) !== undefined) ?? canonical;
}

function schemePath(config: unknown, path: string): string {
  const schemes = member(member(config, 'authentication'), 'schemes');
  const index = Array.isArray(schemes) && schemes.length > 0 ? `[${chosenScheme(schemes)}]` : '';
  return path.replace(SCHEME, `authentication.schemes${index}`);
}

/** The field under its JSON or its proto name. */
const member = (value: unknown, name: string): unknown => {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  return Object.hasOwn(value, snakeCase(name)) ? value[snakeCase(name)] : undefined;
};

/** The one of a field's names that the client used, else the first. */
const usedName = <N extends string>(value: unknown, names: readonly [N, ...N[]]): N =>
  names.find((name) => (member(value, name) ?? null) !== null) ?? names[0];

/** Turns camelCase into snake_case wherever the client wrote that. */
function asWritten(params: unknown, path: string): string {
  let at = params;
  return path.replace(/\w+/g, (name) => {
    if (Array.isArray(at)) {
      at = (at as unknown[])[Number(name)];
      return name;
    }
    const used =
      isObject(at) && !Object.hasOwn(at, name) && Object.hasOwn(at, snakeCase(name)) ? snakeCase(name) : name;
    at = isObject(at) && Object.hasOwn(at, used) ? at[used] : undefined;
    return used;
  });
}
